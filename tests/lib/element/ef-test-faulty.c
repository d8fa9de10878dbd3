/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-faulty.h"

typedef struct
{
  guint n_left;
  GError *error;
} Fault;

struct _EfTestFaulty
{
  EfTransform parent_instance;

  GHashTable *faults; /* of Fault, by text */
  GHashTable *seen;   /* numbers, by text */

  guint n_failures;   /* to come of the operation */
  guint n_operations;
  gboolean given_up;
  GError *error;
};

G_DEFINE_FINAL_TYPE (EfTestFaulty, ef_test_faulty, EF_TYPE_TRANSFORM)

static void
fault_free (gpointer data)
{
  Fault *fault = data;

  g_error_free (fault->error);
  g_free (fault);
}

static EfBatch *
ef_test_faulty_transform (EfTransform *transform, EfBatch *batch)
{
  EfTestFaulty *self = EF_TEST_FAULTY (transform);
  EfBatch *output = ef_batch_new ();

  for (guint i = 0; i < ef_batch_get_n_events (batch); i++)
    {
      EfEvent *event = ef_batch_get_event (batch, i);
      char *text = ef_event_dup_string (event, 0);
      Fault *fault = g_hash_table_lookup (self->faults, text);
      guint n_seen = GPOINTER_TO_UINT (g_hash_table_lookup (self->seen, text));

      g_hash_table_replace (self->seen, text, GUINT_TO_POINTER (n_seen + 1));
      if (fault == NULL || fault->n_left == 0)
        {
          ef_batch_append (output, ef_event_ref (event));
          continue;
        }

      fault->n_left--;
      if (!ef_element_reject_event (EF_ELEMENT (self), event, fault->error))
        break;
    }

  return output;
}

static void
operate (EfTestFaulty *self)
{
  self->n_operations++;
  if (self->n_failures == 0)
    {
      ef_element_operation_succeeded (EF_ELEMENT (self));
      return;
    }

  self->n_failures--;
  self->given_up = !ef_element_retry_operation (EF_ELEMENT (self), self->error);
  if (self->given_up)
    {
      g_autoptr (EfEvent) event = ef_event_new_text (0, "kept", -1);

      ef_element_reject_event (EF_ELEMENT (self), event, self->error);
    }
}

static void
ef_test_faulty_retry (EfElement *element)
{
  operate (EF_TEST_FAULTY (element));
}

static void
ef_test_faulty_finalize (GObject *object)
{
  EfTestFaulty *self = EF_TEST_FAULTY (object);

  g_hash_table_unref (self->faults);
  g_hash_table_unref (self->seen);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (ef_test_faulty_parent_class)->finalize (object);
}

static void
ef_test_faulty_class_init (EfTestFaultyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ef_test_faulty_finalize;
  EF_ELEMENT_CLASS (klass)->retry = ef_test_faulty_retry;
  EF_TRANSFORM_CLASS (klass)->transform = ef_test_faulty_transform;

  ef_element_class_set_metadata (EF_ELEMENT_CLASS (klass), "faulty", "Fails as it is told", NULL);
  ef_element_class_set_config_prefix (EF_ELEMENT_CLASS (klass), "faulty");
}

static void
ef_test_faulty_init (EfTestFaulty *self)
{
  self->faults = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, fault_free);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

EfTestFaulty *
ef_test_faulty_new (void)
{
  return g_object_new (EF_TYPE_TEST_FAULTY, "name", "f", NULL);
}

void
ef_test_faulty_fail (EfTestFaulty *self, const char *text, guint n_times, const GError *error)
{
  Fault *fault = g_new (Fault, 1);

  *fault = (Fault) { n_times, g_error_copy (error) };
  g_hash_table_replace (self->faults, g_strdup (text), fault);
}

guint
ef_test_faulty_get_n_seen (EfTestFaulty *self, const char *text)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->seen, text));
}

/* Returns whether it was given up at once. */
gboolean
ef_test_faulty_operate (EfTestFaulty *self, guint n_failures, const GError *error)
{
  self->n_failures = n_failures;
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  operate (self);

  return self->given_up;
}

guint
ef_test_faulty_get_n_operations (EfTestFaulty *self)
{
  return self->n_operations;
}
