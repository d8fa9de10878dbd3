/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-sql.h"

#include "ef-sql-private.h"

/*
 * EfSql:
 *
 * Answers a query in SQL over the events that come: the element `sql`.
 *
 * SQLite compiles the query once. The stream, which is what stands behind FROM, is one row: the
 * event. With a `window` it is the rows of the window, and the query is answered when the window
 * closes. Tables are SQLite's own; elements that name the same `database` share them.
 *
 * An event for which the query fails, or whose results do not fit `schema`, is rejected by itself and in
 * its place, see ef-sql-process.c.
 *
 * It lives in one context, as every element does. A database that elements in several threads share
 * is used by one of them at a time, for a batch.
 */

static void query_init (EfQueryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (EfSql,
                               ef_sql,
                               EF_TYPE_TRANSFORM,
                               G_IMPLEMENT_INTERFACE (EF_TYPE_QUERY, query_init))

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
      ef_sql_reject_later (self, rows[n_rows - 1], g_steal_pointer (&error));
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
void
ef_sql_adopt_schema (EfSql *self, EfSchema *schema)
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

  ef_sql_begin (self);
  ef_sql_window_advance (self->window,
                         ef_clock_get_real_time (ef_element_get_clock (EF_ELEMENT (self))));
  made = ef_sql_end (self);
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
  return ef_sql_process_events (EF_SQL (transform), batch);
}

static void
ef_sql_process_window (EfSql *self, EfBatch *batch)
{
  /* Rows stay for a while: not in the buffer that they were read into. */
  g_autoptr (EfBatch) kept = ef_batch_detach (batch);
  g_autoptr (EfBatch) made = ef_sql_process_rows (self, kept);

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
      ef_sql_begin (self);
      ef_sql_window_end (self->window);
      made = ef_sql_end (self);
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

  self->is_lost = FALSE;
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
  self->rejected = ef_sql_rejected_new ();
}
