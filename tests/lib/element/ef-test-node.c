/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-node.h"

#include "ef-test-loop.h"

typedef enum
{
  PROP_KEY = 1,
} EfTestNodeProperty;

G_DEFINE_FINAL_TYPE (EfTestNode, ef_test_node, EF_TYPE_ELEMENT)

static void
note (EfTestNode *self, const char *word)
{
  g_string_append_printf (self->log, "%s%s", self->log->len > 0 ? " " : "", word);
}

static gboolean
ef_test_node_prepare (EfElement *element, GError **error)
{
  EfTestNode *self = EF_TEST_NODE (element);

  note (self, "prepare");
  if (self->prepare_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&self->prepare_error));
  return FALSE;
}

static gboolean
on_open_cancelled (GCancellable *cancellable, gpointer user_data)
{
  EfTestNode *self = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&self->opening);

  note (self, "cancelled");
  if (task != NULL)
    g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
ef_test_node_open_async (EfElement *element,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  EfTestNode *self = EF_TEST_NODE (element);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GSource) source = NULL;

  note (self, "open");
  g_assert_true (g_main_context_is_owner (ef_element_get_context (element)));
  if (!self->slow)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  source = g_cancellable_source_new (cancellable);
  g_task_attach_source (task, source, G_SOURCE_FUNC (on_open_cancelled));
  g_source_set_callback (source, G_SOURCE_FUNC (on_open_cancelled), self, NULL);
  self->opening = g_steal_pointer (&task);
}

static gboolean
ef_test_node_open_finish (EfElement *element, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
ef_test_node_play (EfElement *element)
{
  EfTestNode *self = EF_TEST_NODE (element);

  note (self, "play");
  if (self->on_play != NULL)
    self->on_play (self, self->data);
}

static void
ef_test_node_pause (EfElement *element)
{
  EfTestNode *self = EF_TEST_NODE (element);

  note (self, "pause");
  if (self->on_pause != NULL)
    self->on_pause (self, self->data);
}

static void
ef_test_node_close_async (EfElement *element, GAsyncReadyCallback callback, gpointer user_data)
{
  EfTestNode *self = EF_TEST_NODE (element);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  note (self, "close");
  if (self->slow)
    self->closing = g_steal_pointer (&task);
  else
    g_task_return_boolean (task, TRUE);
}

static void
ef_test_node_close_finish (EfElement *element, GAsyncResult *result)
{
  g_assert_true (g_task_propagate_boolean (G_TASK (result), NULL));
}

static void
ef_test_node_unprepare (EfElement *element)
{
  note (EF_TEST_NODE (element), "unprepare");
}

static void
ef_test_node_process (EfElement *element, EfBatch *batch)
{
  EfTestNode *self = EF_TEST_NODE (element);

  self->n_events += ef_batch_get_n_events (batch);
  if (self->keep)
    {
      g_clear_pointer (&self->kept, ef_batch_unref);
      self->kept = ef_batch_ref (batch);
    }
  if (self->on_process != NULL)
    self->on_process (self, self->data);
  ef_element_push (element, batch);
}

static void
ef_test_node_marker (EfElement *element, EfMarker *marker)
{
  EfTestNode *self = EF_TEST_NODE (element);

  note (self, ef_marker_get_kind (marker) == EF_MARKER_EOS ? "eos" : "gap");
  EF_ELEMENT_CLASS (ef_test_node_parent_class)->marker (element, marker);
}

static void
ef_test_node_output_held (EfElement *element, gboolean held)
{
  EfTestNode *self = EF_TEST_NODE (element);

  note (self, held ? "held" : "released");
  if (self->on_held != NULL)
    self->on_held (self, self->data);
}

static void
ef_test_node_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((EfTestNodeProperty) id)
    {
    case PROP_KEY:
      g_value_set_string (value, EF_TEST_NODE (object)->key);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_test_node_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch ((EfTestNodeProperty) id)
    {
    case PROP_KEY:
      g_free (EF_TEST_NODE (object)->key);
      EF_TEST_NODE (object)->key = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ef_test_node_finalize (GObject *object)
{
  EfTestNode *self = EF_TEST_NODE (object);

  g_string_free (self->log, TRUE);
  g_clear_pointer (&self->kept, ef_batch_unref);
  g_free (self->key);
  g_clear_error (&self->prepare_error);
  g_assert_null (self->opening);
  g_assert_null (self->closing);

  G_OBJECT_CLASS (ef_test_node_parent_class)->finalize (object);
}

static void
ef_test_node_class_init (EfTestNodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  object_class->get_property = ef_test_node_get_property;
  object_class->set_property = ef_test_node_set_property;
  object_class->finalize = ef_test_node_finalize;

  element_class->prepare = ef_test_node_prepare;
  element_class->open_async = ef_test_node_open_async;
  element_class->open_finish = ef_test_node_open_finish;
  element_class->play = ef_test_node_play;
  element_class->pause = ef_test_node_pause;
  element_class->close_async = ef_test_node_close_async;
  element_class->close_finish = ef_test_node_close_finish;
  element_class->unprepare = ef_test_node_unprepare;
  element_class->process = ef_test_node_process;
  element_class->marker = ef_test_node_marker;
  element_class->output_held = ef_test_node_output_held;

  g_object_class_install_property (
    object_class, PROP_KEY,
    g_param_spec_string ("key", NULL, "What opens the node", "sesame",
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT | EF_PARAM_REQUIRED
                           | G_PARAM_STATIC_STRINGS));

  ef_element_class_set_metadata (element_class, "testnode", "Writes down what happens to it", NULL);
  ef_element_class_set_config_prefix (element_class, "node");
  ef_element_class_set_pads (element_class, TRUE, TRUE);
}

static void
ef_test_node_init (EfTestNode *self)
{
  self->log = g_string_new (NULL);
}

EfTestNode *
ef_test_node_new (const char *name)
{
  return g_object_new (EF_TYPE_TEST_NODE, "name", name, NULL);
}

/* Pushes a text out of the node, as if it were a source. */
void
ef_test_node_push (EfTestNode *self, const char *text)
{
  g_autoptr (EfBatch) batch = ef_batch_new ();

  ef_batch_append (batch, ef_event_new_text (0, text, -1));
  ef_element_push (EF_ELEMENT (self), batch);
}

/* Starts the node and waits until it plays. */
void
ef_test_node_start (EfTestNode *self)
{
  ef_test_start (self);
  ef_test_assert_log (self, "prepare open play");
}

/* Stops the nodes and lets go of them, from the first one to the last. */
void
ef_test_node_stop_all (EfTestNode *first, ...)
{
  EfTestNode *node = first;
  va_list args;

  va_start (args, first);
  do
    {
      ef_test_stop (node);
      g_assert_finalize_object (node);
      node = va_arg (args, EfTestNode *);
    }
  while (node != NULL);
  va_end (args);
}
