/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql.h"

#include "ef-sql-settings.h"
#include "ef-sql-window.h"

/*
 * EfSql:
 *
 * Answers a query in SQL over the events that come: the element `sql`.
 *
 * SQLite compiles the query once. The stream, which is what stands behind FROM, is one row: the
 * event. With a `window` it is the rows of the window, and the query is answered when the window
 * closes. Tables are SQLite's own; elements that name the same `database` share them.
 *
 * An event for which the query fails, or whose results do not fit `schema`, is rejected by itself.
 *
 * It lives in one context, as every element does. A database that elements in several threads share
 * is used by one of them at a time, for a batch.
 */

typedef struct
{
  EfEvent *event;
  GError *error;
} Rejected;

struct _EfSql
{
  EfTransform parent_instance;

  EfSqlSettings settings;
  EfSqlSetup setup;

  EfSqlQuery *query; /* NULL until the columns of the input are known */
  EfSchema *input;   /* that the query is compiled for */
  EfSchema *seen;    /* that came last and was found to fit, or not to */
  GError *misfit;    /* why it does not */
  EfSqlWindow *window;
  gint time_column;

  EfBatch *out;        /* being made */
  GArray *rejected;    /* to be put aside when the database is unlocked */
  GPtrArray *receipts; /* of the batches whose rows the window has */
  gboolean answered;   /* the window was, since the receipts were looked at */

  GSource *timer;
  gint64 timer_due;
  gint n_rows; /* for the figures, which any thread may ask for */
  gint n_late;
};

static void query_init (EfQueryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (EfSql,
                               ef_sql,
                               EF_TYPE_TRANSFORM,
                               G_IMPLEMENT_INTERFACE (EF_TYPE_QUERY, query_init))

/* Rejecting */

static void
rejected_clear (gpointer data)
{
  Rejected *rejected = data;

  ef_event_unref (rejected->event);
  g_error_free (rejected->error);
}

static void
reject (EfSql *self, EfEvent *event, GError *error)
{
  Rejected rejected = { ef_event_ref (event), error };

  g_array_append_val (self->rejected, rejected);
}

/* A dead letter may be pushed at once, so this waits until the database is unlocked. */
static void
put_rejected_aside (EfSql *self)
{
  g_autoptr (GArray) rejected = NULL;

  if (self->rejected->len == 0)
    return;

  rejected = g_steal_pointer (&self->rejected);
  self->rejected = g_array_new (FALSE, FALSE, sizeof (Rejected));
  g_array_set_clear_func (self->rejected, rejected_clear);

  for (guint i = 0; i < rejected->len; i++)
    {
      Rejected *each = &g_array_index (rejected, Rejected, i);

      if (!ef_element_reject_event (EF_ELEMENT (self), each->event, each->error))
        break;
    }
}

/* Compiling */

static void
window_answer (EfEvent *const *rows, guint n_rows, gint64 start, gint64 end, gpointer user_data)
{
  EfSql *self = user_data;
  g_autoptr (GError) error = NULL;

  self->answered = TRUE;
  if (!ef_sql_query_run_rows (self->query, rows, n_rows, start, end, self->out, &error))
    {
      g_prefix_error (&error, "the window of %u rows that ends with this one: ", n_rows);
      reject (self, rows[n_rows - 1], g_steal_pointer (&error));
    }
}

static gboolean
compile (EfSql *self, EfSchema *input, GError **error)
{
  EfQueryPlace place = { 0 };

  g_clear_pointer (&self->window, ef_sql_window_free);
  g_clear_pointer (&self->query, ef_sql_query_free);
  g_clear_pointer (&self->input, ef_schema_unref);
  self->query =
    ef_sql_setup_compile (&self->setup, &self->settings, input, &self->time_column, &place, error);
  if (self->query == NULL)
    {
      ef_sql_settings_locate_error (&self->settings, &place, error);
      return FALSE;
    }

  self->input = ef_schema_ref (input);
  if (self->setup.window != NULL)
    self->window = ef_sql_window_new (self->setup.window, self->time_column,
                                      self->settings.window_max_rows, window_answer, self);

  return TRUE;
}

static void
set_misfit (EfSql *self, EfSchema *expected, EfSchema *found)
{
  g_autofree char *expected_text = ef_schema_to_string (expected);
  g_autofree char *found_text = ef_schema_to_string (found);

  self->misfit =
    g_error_new (EF_ERROR, EF_ERROR_DATA, "the event has the columns “%s”, expected are “%s”",
                 found_text, expected_text);
}

static gboolean
has_rows (EfSql *self)
{
  return self->window != NULL && ef_sql_window_get_n_rows (self->window) > 0;
}

/* Sees to it that the query fits events of a schema, or that it is known why it can not. */
static void
adopt_schema (EfSql *self, EfSchema *schema)
{
  g_clear_error (&self->misfit);
  if (self->query == NULL || !ef_schema_equal (self->input, schema))
    {
      if (self->setup.input != NULL || has_rows (self))
        set_misfit (self, self->input, schema);
      else
        compile (self, schema, &self->misfit);
    }

  ef_schema_ref (schema);
  g_clear_pointer (&self->seen, ef_schema_unref);
  self->seen = schema;
}

/* Events */

static GError *
make_window_error (EfSql *self, EfSqlWindowResult result)
{
  switch (result)
    {
    case EF_SQL_WINDOW_LATE:
      return g_error_new (EF_ERROR, EF_ERROR_DATA,
                          "the row is late: the window of its “%s” is closed",
                          self->setup.window->column);
    case EF_SQL_WINDOW_NO_TIME:
      return g_error_new (EF_ERROR, EF_ERROR_DATA, "the row has no time: its “%s” is NULL",
                          self->setup.window->column);
    case EF_SQL_WINDOW_FULL:
    case EF_SQL_WINDOW_ADDED:
    default:
      return g_error_new (EF_ERROR, EF_ERROR_DATA, "the window is full: window-max-rows is %u",
                          self->settings.window_max_rows);
    }
}

static void
process_event (EfSql *self, EfEvent *event)
{
  GError *error = NULL;

  if (G_UNLIKELY (self->seen != ef_event_get_schema (event)))
    adopt_schema (self, ef_event_get_schema (event));

  if (G_UNLIKELY (self->misfit != NULL))
    reject (self, event, g_error_copy (self->misfit));
  else if (self->window != NULL)
    {
      EfSqlWindowResult result = ef_sql_window_add (self->window, event);

      if (result != EF_SQL_WINDOW_ADDED)
        reject (self, event, make_window_error (self, result));
    }
  else if (!ef_sql_query_run_event (self->query, event, self->out, &error))
    reject (self, event, error);
}

static void
process_events (EfSql *self, EfBatch *batch)
{
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);

  for (guint i = 0; i < n_events; i++)
    process_event (self, events[i]);
}

static void
begin (EfSql *self)
{
  g_mutex_lock (&self->setup.database->lock);
  self->setup.database->scope.now =
    ef_clock_get_real_time (ef_element_get_clock (EF_ELEMENT (self))) / 1000;
  self->out = ef_batch_new ();
}

/* Ends what begin() began and gives what was made meanwhile. */
static EfBatch *
end (EfSql *self)
{
  if (self->query != NULL)
    ef_sql_query_flush (self->query);
  g_mutex_unlock (&self->setup.database->lock);

  if (self->window != NULL)
    {
      g_atomic_int_set (&self->n_rows, (gint) ef_sql_window_get_n_rows (self->window));
      g_atomic_int_set (&self->n_late, (gint) ef_sql_window_get_n_late (self->window));
    }
  put_rejected_aside (self);

  return g_steal_pointer (&self->out);
}

static void
push (EfSql *self, EfBatch *made)
{
  if (ef_batch_get_n_events (made) > 0)
    ef_element_push (EF_ELEMENT (self), made);
}

/* Windows and time */

static void
clear_timer (EfSql *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

/* Receipts of input are kept until the window that it went into is answered. */
static void
settle_receipts (EfSql *self, EfBatch *batch)
{
  EfReceipt *receipt = batch != NULL ? ef_batch_get_receipt (batch) : NULL;

  if (self->answered)
    g_ptr_array_set_size (self->receipts, 0);
  self->answered = FALSE;
  if (receipt != NULL)
    g_ptr_array_add (self->receipts, ef_receipt_ref (receipt));
}

static void schedule (EfSql *self);

static gboolean
on_due (gpointer user_data)
{
  g_autoptr (EfSql) self = g_object_ref (user_data);
  g_autoptr (EfBatch) made = NULL;

  clear_timer (self);
  /* What is behind has enough: the window waits for it to go on. */
  if (ef_element_is_output_held (EF_ELEMENT (self)))
    return G_SOURCE_REMOVE;

  begin (self);
  ef_sql_window_advance (self->window,
                         ef_clock_get_real_time (ef_element_get_clock (EF_ELEMENT (self))));
  made = end (self);
  push (self, made);
  settle_receipts (self, NULL);
  schedule (self);

  return G_SOURCE_REMOVE;
}

/* Waits for the window's end. A timer that comes too early is left to find that out by itself: the
 * end of a session moves with each row. */
static void
schedule (EfSql *self)
{
  EfElement *element = EF_ELEMENT (self);
  EfClock *clock = ef_element_get_clock (element);
  gint64 due = self->window != NULL ? ef_sql_window_get_due (self->window) : EF_SQL_WINDOW_NEVER;

  if (due == EF_SQL_WINDOW_NEVER || ef_element_get_state (element) != EF_STATE_PLAYING ||
      (self->timer != NULL && self->timer_due <= due))
    return;

  clear_timer (self);
  self->timer_due = due;
  self->timer = ef_clock_create_timeout (clock, MAX (due - ef_clock_get_real_time (clock), 0));
  g_source_set_static_name (self->timer, "[EventFlux] sql window");
  g_source_set_callback (self->timer, on_due, self, NULL);
  g_source_attach (self->timer, ef_element_get_context (element));
}

static EfBatch *
ef_sql_transform (EfTransform *transform, EfBatch *batch)
{
  EfSql *self = EF_SQL (transform);
  g_autoptr (GError) error = NULL;
  gboolean in_transaction;

  begin (self);
  in_transaction = self->query != NULL && ef_sql_query_is_writing (self->query) &&
                   ef_sql_database_begin (self->setup.database);
  process_events (self, batch);
  if (in_transaction && !ef_sql_database_commit (self->setup.database, &error))
    ef_element_post_error (EF_ELEMENT (self), error, NULL);

  return end (self);
}

static void
ef_sql_process_window (EfSql *self, EfBatch *batch)
{
  /* Rows stay for a while: not in the buffer that they were read into. */
  g_autoptr (EfBatch) kept = ef_batch_detach (batch);
  g_autoptr (EfBatch) made = ef_sql_transform (EF_TRANSFORM (self), kept);

  push (self, made);
  settle_receipts (self, batch);
  schedule (self);
}

static void
ef_sql_process (EfElement *element, EfBatch *batch)
{
  EfSql *self = EF_SQL (element);

  if (self->setup.window != NULL)
    ef_sql_process_window (self, batch);
  else
    EF_ELEMENT_CLASS (ef_sql_parent_class)->process (element, batch);
}

static void
ef_sql_marker (EfElement *element, EfMarker *marker)
{
  EfSql *self = EF_SQL (element);

  if (ef_marker_get_kind (marker) == EF_MARKER_EOS && self->window != NULL)
    {
      g_autoptr (EfBatch) made = NULL;

      clear_timer (self);
      begin (self);
      ef_sql_window_end (self->window);
      made = end (self);
      push (self, made);
      settle_receipts (self, NULL);
    }

  EF_ELEMENT_CLASS (ef_sql_parent_class)->marker (element, marker);
}

static void
ef_sql_output_held (EfElement *element, gboolean held)
{
  EF_ELEMENT_CLASS (ef_sql_parent_class)->output_held (element, held);

  if (!held)
    schedule (EF_SQL (element));
}

/* States */

static gboolean
set_up (EfSql *self, GError **error)
{
  EfQueryPlace place = { 0 };
  gboolean done;

  if (!ef_sql_setup_init (&self->setup, &self->settings, FALSE, ef_element_get_bus (EF_ELEMENT (self)), &place, error))
    {
      ef_sql_settings_locate_error (&self->settings, &place, error);
      return FALSE;
    }

  g_mutex_lock (&self->setup.database->lock);
  if (self->setup.input != NULL)
    done = compile (self, self->setup.input, error);
  else
    {
      done = ef_sql_setup_check_syntax (&self->setup, &self->settings, &place, error);
      ef_sql_settings_locate_error (&self->settings, &place, error);
    }
  g_mutex_unlock (&self->setup.database->lock);

  return done;
}

static void
ef_sql_unprepare (EfElement *element)
{
  EfSql *self = EF_SQL (element);

  g_clear_pointer (&self->window, ef_sql_window_free);
  if (self->setup.database != NULL)
    {
      g_mutex_lock (&self->setup.database->lock);
      g_clear_pointer (&self->query, ef_sql_query_free);
      g_mutex_unlock (&self->setup.database->lock);
    }
  g_clear_pointer (&self->input, ef_schema_unref);
  g_clear_pointer (&self->seen, ef_schema_unref);
  g_clear_error (&self->misfit);
  g_ptr_array_set_size (self->receipts, 0);
  ef_sql_setup_clear (&self->setup);
}

static gboolean
ef_sql_prepare (EfElement *element, GError **error)
{
  if (set_up (EF_SQL (element), error))
    return TRUE;

  ef_sql_unprepare (element);

  return FALSE;
}

static void
ef_sql_play (EfElement *element)
{
  EfSql *self = EF_SQL (element);
  GSource *source;

  /* The state is PLAYING only when this has returned. */
  if (self->window == NULL || ef_sql_window_get_n_rows (self->window) == 0)
    return;

  clear_timer (self);
  source = g_idle_source_new ();
  g_source_set_static_name (source, "[EventFlux] sql window");
  g_source_set_callback (source, on_due, self, NULL);
  g_source_attach (source, ef_element_get_context (element));
  self->timer = source;
  self->timer_due = 0;
}

static void
ef_sql_pause (EfElement *element)
{
  clear_timer (EF_SQL (element));
}

static void
ef_sql_add_stats (EfElement *element, GVariantDict *stats)
{
  EfSql *self = EF_SQL (element);

  g_variant_dict_insert (stats, "window-rows", "t",
                         (guint64) (guint) g_atomic_int_get (&self->n_rows));
  g_variant_dict_insert (stats, "late-rows", "t",
                         (guint64) (guint) g_atomic_int_get (&self->n_late));
}

static gboolean
ef_sql_check (EfQuery *query, EfSchema **schema, EfQueryPlace *place, GError **error)
{
  return ef_sql_settings_check (&EF_SQL (query)->settings, schema, place, error);
}

static void
query_init (EfQueryInterface *iface)
{
  iface->check = ef_sql_check;
}

/* The class */

static void
ef_sql_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (!ef_sql_settings_get (&EF_SQL (object)->settings, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ef_sql_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (ef_sql_settings_set (&EF_SQL (object)->settings, id, value))
    g_object_notify_by_pspec (object, pspec);
}

static void
ef_sql_finalize (GObject *object)
{
  EfSql *self = EF_SQL (object);

  clear_timer (self);
  g_array_unref (self->rejected);
  g_ptr_array_unref (self->receipts);
  ef_sql_settings_clear (&self->settings);

  G_OBJECT_CLASS (ef_sql_parent_class)->finalize (object);
}

static void
ef_sql_class_init (EfSqlClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_sql_get_property;
  object_class->set_property = ef_sql_set_property;
  object_class->finalize = ef_sql_finalize;

  element_class->prepare = ef_sql_prepare;
  element_class->play = ef_sql_play;
  element_class->pause = ef_sql_pause;
  element_class->unprepare = ef_sql_unprepare;
  element_class->process = ef_sql_process;
  element_class->marker = ef_sql_marker;
  element_class->output_held = ef_sql_output_held;
  element_class->add_stats = ef_sql_add_stats;
  EF_TRANSFORM_CLASS (klass)->transform = ef_sql_transform;

  ef_sql_settings_install (object_class);
  ef_element_class_set_metadata (element_class, "sql",
                                 "Answers a query in SQL over the events that come.",
                                 "timersource count=3 ! sql query=\"SELECT sequence * 2 AS twice "
                                 "FROM input\" ! consolesink");
  ef_element_class_set_config_prefix (element_class, "sql");
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_ANY, EF_PAD_CONTENT_COLUMNS);
}

static void
ef_sql_init (EfSql *self)
{
  ef_sql_settings_init (&self->settings);
  self->receipts = g_ptr_array_new_with_free_func ((GDestroyNotify) ef_receipt_unref);
  self->rejected = g_array_new (FALSE, FALSE, sizeof (Rejected));
  g_array_set_clear_func (self->rejected, rejected_clear);
}
