/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"
#include "ef-overflow-policy-private.h"
#include "ef-publisher-parts-private.h"
#include "ef-relaxed-private.h"

/* What a publisher drops when more has to wait than may. */

gboolean
ef_publisher_prepare_overflow (EfPublisher *self, GError **error)
{
  EfOverflow overflow;

  if (!ef_overflow_policy_prepare (self->overflow, error))
    return FALSE;

  overflow = ef_overflow_policy_get_overflow (self->overflow);
  self->drops = overflow != EF_OVERFLOW_BLOCK;
  self->overflowing = FALSE;

  if (overflow == EF_OVERFLOW_LATEST_BY_KEY && !ef_overflow_policy_has_path (self->overflow))
    {
      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                   "%s: messages have no columns: “overflow-key” is a path into them here, such as "
                   "“$.symbol”",
                   ef_element_get_name (self->element));
      return FALSE;
    }

  if (self->drops && ef_publisher_has_spool_path (self))
    {
      g_set_error (error, EF_ERROR, EF_ERROR_INVALID_VALUE,
                   "%s: “spool” keeps all messages, so “overflow” can only be “block”",
                   ef_element_get_name (self->element));
      return FALSE;
    }

  return TRUE;
}

static void
note_dropped (EfPublisher *self, guint n_messages, guint64 n_bytes)
{
  if (n_messages == 0)
    return;

  self->overflowing = TRUE;
  ef_relaxed_add (&self->n_dropped, n_messages);
  ef_overflow_policy_dropped (self->overflow, n_messages, n_bytes);
}

static GError *
make_error (EfPublisher *self, const char *overflow)
{
  return g_error_new (G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK,
                      "%s: the message was dropped for newer ones (overflow=%s)",
                      ef_element_get_name (self->element), overflow);
}

static void
drop_oldest (EfPublisher *self)
{
  gsize n_bytes = self->outbox.n_bytes;
  g_autoptr (GError) error = NULL;
  guint n_dropped;

  if (self->outbox.n_messages <= self->max_messages && n_bytes <= self->max_bytes)
    return;

  error = make_error (self, "drop-oldest");
  n_dropped
    = ef_outbox_drop_oldest (&self->outbox, self->max_messages, self->max_bytes, error);
  note_dropped (self, n_dropped, n_bytes - self->outbox.n_bytes);
}

/* While the input is held for want of anything to drop, looking again would be in vain. */
static void
drop_older (EfPublisher *self)
{
  gsize n_bytes = self->outbox.n_bytes;
  g_autoptr (GError) error = NULL;
  guint n_dropped;

  if (self->holding || (self->outbox.n_messages < self->max_messages && n_bytes < self->max_bytes))
    return;

  error = make_error (self, "latest-by-key");
  n_dropped = ef_outbox_drop_older (&self->outbox, self->overflow, error);
  note_dropped (self, n_dropped, n_bytes - self->outbox.n_bytes);
}

/* Drops what has to go because others came. */
void
ef_publisher_drop_excess (EfPublisher *self)
{
  switch (ef_overflow_policy_get_overflow (self->overflow))
    {
    case EF_OVERFLOW_DROP_OLDEST:
      drop_oldest (self);
      break;
    case EF_OVERFLOW_LATEST_BY_KEY:
      drop_older (self);
      break;
    case EF_OVERFLOW_BLOCK:
    case EF_OVERFLOW_DROP_NEWEST:
    default:
      break;
    }
}

/* Keeps what has to wait of a batch, each message by itself, as some may leave out of turn: of the
 * events from @first on, those before @n_given have been given to the connection. */
void
ef_publisher_keep_each (EfPublisher *self, EfBatch *batch, guint first, guint n_given)
{
  gboolean drop_newest
    = ef_overflow_policy_get_overflow (self->overflow) == EF_OVERFLOW_DROP_NEWEST;
  guint n_events;
  EfEvent *const *events = ef_batch_peek_events (batch, &n_events);
  guint n_dropped = 0;
  guint64 n_bytes = 0;

  for (guint i = first; i < n_events; i++)
    {
      const EfValue *payload;
      GError *error = NULL;

      if (i < n_given && self->ends[i] == 0)
        continue; /* rejected already */

      if (!ef_publisher_check_event (self, events[i], &payload, &error))
        {
          if (!ef_publisher_reject (self, events[i], error))
            break;
        }
      else if (drop_newest && i >= n_given && ef_publisher_is_full (self, payload->length))
        {
          n_dropped++;
          n_bytes += payload->length;
        }
      else
        {
          char *copy = g_memdup2 (payload->v_data, payload->length);

          if (i < n_given)
            ef_outbox_push_taken (&self->outbox, copy, payload->length, self->ends[i]);
          else
            ef_outbox_push (&self->outbox, copy, payload->length);
          ef_outbox_own (&self->outbox, copy, g_free, ef_batch_get_receipt (batch));
        }
    }

  note_dropped (self, n_dropped, n_bytes);
}
