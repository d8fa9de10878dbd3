/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-elements.h"

static GMutex log_lock;
static GString *step_log;

void
ef_test_element_write_log (gpointer element, const char *step)
{
  g_mutex_lock (&log_lock);
  if (step_log == NULL)
    step_log = g_string_new (NULL);
  if (step_log->len > 0)
    g_string_append (step_log, ", ");
  g_string_append_printf (step_log, "%s %s", ef_element_get_name (element), step);
  g_mutex_unlock (&log_lock);
}

char *
ef_test_steal_log (void)
{
  char *text;

  g_mutex_lock (&log_lock);
  text = step_log != NULL ? g_string_free (step_log, FALSE) : g_strdup ("");
  step_log = NULL;
  g_mutex_unlock (&log_lock);

  return text;
}

/* Steps that all of the elements take alike. */

void
ef_test_element_set_outcome (gpointer element, const char *step, EfTestOutcome outcome)
{
  g_object_set_data (element, g_intern_string (step), GUINT_TO_POINTER (outcome));
}

EfTestOutcome
ef_test_element_get_outcome (gpointer element, const char *step)
{
  return GPOINTER_TO_UINT (g_object_get_data (element, step));
}

static gboolean
test_prepare (EfElement *element, GError **error)
{
  g_assert_true (g_main_context_is_owner (ef_element_get_context (element)));
  ef_test_element_write_log (element, "prepare");
  if (ef_test_element_get_outcome (element, "prepare") == EF_TEST_WELL)
    return TRUE;

  g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE, "%s: told to fail",
               ef_element_get_name (element));
  return FALSE;
}

static gboolean
on_open (gpointer user_data)
{
  GTask *task = user_data;

  if (ef_test_element_get_outcome (g_task_get_source_object (task), "open") == EF_TEST_FAIL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "nobody is there");
  else
    g_task_return_boolean (task, TRUE);

  return G_SOURCE_REMOVE;
}

static gboolean
on_open_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_task_return_error_if_cancelled (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_open_async (EfElement *element,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  GTask *task = g_task_new (element, cancellable, callback, user_data);
  g_autoptr (GSource) source = NULL;

  ef_test_element_write_log (element, "open");
  if (ef_test_element_get_outcome (element, "open") == EF_TEST_HANG)
    {
      source = g_cancellable_source_new (cancellable);
      g_source_set_callback (source, G_SOURCE_FUNC (on_open_cancelled), task, g_object_unref);
    }
  else
    {
      source = g_idle_source_new ();
      g_source_set_callback (source, on_open, task, g_object_unref);
    }
  g_source_attach (source, ef_element_get_context (element));
}

static gboolean
test_open_finish (EfElement *element, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
test_play (EfElement *element)
{
  ef_test_element_write_log (element, "play");
}

static void
test_pause (EfElement *element)
{
  ef_test_element_write_log (element, "pause");
}

static void
test_close_async (EfElement *element, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (element, NULL, callback, user_data);

  ef_test_element_write_log (element, "close");
  if (ef_test_element_get_outcome (element, "close") == EF_TEST_HANG)
    return;

  g_task_return_boolean (task, TRUE);
}

static void
test_close_finish (EfElement *element, GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}

static void
test_unprepare (EfElement *element)
{
  g_assert_true (g_main_context_is_owner (ef_element_get_context (element)));
  ef_test_element_write_log (element, "unprepare");
}

void
ef_test_element_set_steps (EfElementClass *klass)
{
  klass->prepare = test_prepare;
  klass->open_async = test_open_async;
  klass->open_finish = test_open_finish;
  klass->play = test_play;
  klass->pause = test_pause;
  klass->close_async = test_close_async;
  klass->close_finish = test_close_finish;
  klass->unprepare = test_unprepare;
}

/* EfTestSource */

typedef enum
{
  PROP_COUNT = 1,
  PROP_SECRET,
  PROP_FAIL_AT,
  PROP_HANG_AT,
} EfTestSourceProperty;

struct _EfTestSource
{
  EfSource parent_instance;

  guint count;
  char *secret;
  guint n_pushed;
  GSource *push;
};

static void ef_test_source_validatable_init (EfValidatableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (EfTestSource,
                               ef_test_source,
                               EF_TYPE_SOURCE,
                               G_IMPLEMENT_INTERFACE (EF_TYPE_VALIDATABLE,
                                                      ef_test_source_validatable_init))

static void
ef_test_source_validate_async (EfValidatable *validatable,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (validatable, cancellable, callback, user_data);

  ef_test_element_write_log (validatable, "validate");
  if (ef_test_element_get_outcome (validatable, "validate") == EF_TEST_FAIL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "nobody is there");
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
ef_test_source_validate_finish (EfValidatable *validatable, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
ef_test_source_validatable_init (EfValidatableInterface *iface)
{
  iface->validate_connectivity_async = ef_test_source_validate_async;
  iface->validate_connectivity_finish = ef_test_source_validate_finish;
}

static void
end (EfTestSource *self)
{
  g_autoptr (GError) error = NULL;

  if (ef_test_element_get_outcome (self, "events") == EF_TEST_WELL)
    {
      ef_source_end (EF_SOURCE (self));
      return;
    }

  error = g_error_new (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "the peer is gone");
  ef_element_post_error (EF_ELEMENT (self), error, NULL);
}

static gboolean
on_push (gpointer user_data)
{
  EfTestSource *self = user_data;
  g_autoptr (EfBatch) batch = NULL;

  if (self->count > 0 && self->n_pushed == self->count)
    {
      g_clear_pointer (&self->push, g_source_unref);
      end (self);
      return G_SOURCE_REMOVE;
    }

  batch = ef_batch_new ();
  ef_batch_append (batch, ef_event_new_text (0, "event", -1));
  self->n_pushed++;
  ef_element_push (EF_ELEMENT (self), batch);

  return G_SOURCE_CONTINUE;
}

static void
ef_test_source_play (EfElement *element)
{
  EfTestSource *self = EF_TEST_SOURCE (element);

  test_play (element);
  self->n_pushed = 0;
  self->push = g_idle_source_new ();
  g_source_set_callback (self->push, on_push, self, NULL);
  g_source_attach (self->push, ef_element_get_context (element));
}

static void
ef_test_source_pause (EfElement *element)
{
  EfTestSource *self = EF_TEST_SOURCE (element);

  test_pause (element);
  if (self->push != NULL)
    g_source_destroy (self->push);
  g_clear_pointer (&self->push, g_source_unref);
}

static void
ef_test_source_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EfTestSource *self = EF_TEST_SOURCE (object);

  switch ((EfTestSourceProperty) id)
    {
    case PROP_COUNT:
      g_value_set_uint (value, self->count);
      break;
    case PROP_SECRET:
      g_value_set_string (value, self->secret);
      break;
    case PROP_FAIL_AT:
    case PROP_HANG_AT:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_test_source_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EfTestSource *self = EF_TEST_SOURCE (object);

  switch ((EfTestSourceProperty) id)
    {
    case PROP_COUNT:
      self->count = g_value_get_uint (value);
      break;
    case PROP_SECRET:
      g_free (self->secret);
      self->secret = g_value_dup_string (value);
      break;
    case PROP_FAIL_AT:
      ef_test_element_set_outcome (self, g_value_get_string (value), EF_TEST_FAIL);
      break;
    case PROP_HANG_AT:
      ef_test_element_set_outcome (self, g_value_get_string (value), EF_TEST_HANG);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_test_source_finalize (GObject *object)
{
  g_free (EF_TEST_SOURCE (object)->secret);

  G_OBJECT_CLASS (ef_test_source_parent_class)->finalize (object);
}

static void
ef_test_source_class_init (EfTestSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_test_source_get_property;
  object_class->set_property = ef_test_source_set_property;
  object_class->finalize = ef_test_source_finalize;

  g_object_class_install_property (
    object_class, PROP_COUNT,
    g_param_spec_uint ("count", NULL, "How many events", 0, 1000000, 0, G_PARAM_READWRITE));
  g_object_class_install_property (
    object_class, PROP_SECRET,
    g_param_spec_string ("secret", NULL, "A secret", NULL, G_PARAM_READWRITE | EF_PARAM_SECRET));

  g_object_class_install_property (
    object_class, PROP_FAIL_AT,
    g_param_spec_string ("fail-at", NULL, "A step to fail at", NULL, G_PARAM_WRITABLE));
  g_object_class_install_property (
    object_class, PROP_HANG_AT,
    g_param_spec_string ("hang-at", NULL, "A step to hang at", NULL, G_PARAM_WRITABLE));

  ef_test_element_set_steps (element_class);
  element_class->play = ef_test_source_play;
  element_class->pause = ef_test_source_pause;
  ef_element_class_set_metadata (element_class, "testsource", "Brings events", NULL);
  ef_element_class_set_content (element_class, EF_PAD_CONTENT_ANY, EF_PAD_CONTENT_PAYLOAD);
}

static void
ef_test_source_init (EfTestSource *self)
{
}

/* EfTestTransform */

struct _EfTestTransform
{
  EfTransform parent_instance;
};

G_DEFINE_FINAL_TYPE (EfTestTransform, ef_test_transform, EF_TYPE_TRANSFORM)

static EfBatch *
ef_test_transform_transform (EfTransform *transform, EfBatch *batch)
{
  return ef_batch_ref (batch);
}

static void
ef_test_transform_class_init (EfTestTransformClass *klass)
{
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  ef_test_element_set_steps (element_class);
  EF_TRANSFORM_CLASS (klass)->transform = ef_test_transform_transform;
  ef_element_class_set_metadata (element_class, "testtransform", "Passes on what comes", NULL);
}

static void
ef_test_transform_init (EfTestTransform *self)
{
}

/* EfTestSink */

struct _EfTestSink
{
  EfSink parent_instance;

  int n_events;
  GThread *thread;
};

G_DEFINE_FINAL_TYPE (EfTestSink, ef_test_sink, EF_TYPE_SINK)

static void
ef_test_sink_process (EfElement *element, EfBatch *batch)
{
  EfTestSink *self = EF_TEST_SINK (element);

  g_assert_true (g_main_context_is_owner (ef_element_get_context (element)));
  g_atomic_pointer_set (&self->thread, g_thread_self ());
  g_atomic_int_add (&self->n_events, (int) ef_batch_get_n_events (batch));
}

static void
ef_test_sink_class_init (EfTestSinkClass *klass)
{
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  ef_test_element_set_steps (element_class);
  element_class->process = ef_test_sink_process;
  ef_element_class_set_metadata (element_class, "testsink", "Counts what comes", NULL);
}

static void
ef_test_sink_init (EfTestSink *self)
{
}

guint
ef_test_sink_get_n_events (EfTestSink *self)
{
  return (guint) g_atomic_int_get (&self->n_events);
}

GThread *
ef_test_sink_get_thread (EfTestSink *self)
{
  return g_atomic_pointer_get (&self->thread);
}
