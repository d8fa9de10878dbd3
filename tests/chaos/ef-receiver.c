/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-receiver.h"

#include <string.h>

struct _EfReceiver
{
  GHashTable *numbers;
  guint last;
  guint n_repeated;
};

EfReceiver *
ef_receiver_new (void)
{
  EfReceiver *self = g_new0 (EfReceiver, 1);

  self->numbers = g_hash_table_new (NULL, NULL);

  return self;
}

void
ef_receiver_free (EfReceiver *self)
{
  g_hash_table_unref (self->numbers);
  g_free (self);
}

/* Takes a message `{"id":NUMBER,…}`. Fails the test if it comes for the first time behind one that is
 * to follow it. Returns the number. */
guint
ef_receiver_take (EfReceiver *self, GBytes *message)
{
  const char prefix[] = "{\"id\":";
  gsize size;
  const char *text = g_bytes_get_data (message, &size);
  guint number;

  g_assert_cmpuint (size, >, sizeof prefix);
  g_assert_cmpint (memcmp (text, prefix, sizeof prefix - 1), ==, 0);
  g_assert_cmpint (text[size - 1], ==, '}');
  number = (guint) g_ascii_strtoull (text + sizeof prefix - 1, NULL, 10);

  if (!g_hash_table_add (self->numbers, GUINT_TO_POINTER (number)))
    {
      self->n_repeated++;
      return number;
    }

  g_assert_cmpuint (number, >, self->last);
  self->last = number;

  return number;
}

gboolean
ef_receiver_has (EfReceiver *self, guint number)
{
  return g_hash_table_contains (self->numbers, GUINT_TO_POINTER (number));
}

guint
ef_receiver_get_n_messages (EfReceiver *self)
{
  return g_hash_table_size (self->numbers);
}

guint
ef_receiver_get_n_repeated (EfReceiver *self)
{
  return self->n_repeated;
}
