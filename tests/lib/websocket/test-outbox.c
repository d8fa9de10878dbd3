/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-outbox-private.h"

static void
push (EfOutbox *outbox, const char *text, GTask *task)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  ef_outbox_push_bytes (outbox, bytes, task);
}

static void
expect (EfEvent *event, const char *text, EfColumnType type)
{
  gsize length;
  const char *data = ef_event_peek_data (event, 0, &length);

  g_assert_cmpmem (data, length, text, strlen (text));
  g_assert_cmpint (ef_event_peek_values (event)->type, ==, type);
  g_assert_cmpint (ef_event_get_timestamp (event), ==, 12345);
}

static void
task_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
}

/* What nobody waits for becomes events of the time that the caller says: the clock is the caller's. */
static void
test_unattended (void)
{
  EfOutbox outbox = { 0 };
  g_autoptr (GTask) task = g_task_new (NULL, NULL, task_done, NULL);
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "over");
  g_autoptr (GPtrArray) texts = NULL;
  g_autoptr (GPtrArray) bytes = NULL;

  push (&outbox, "one", NULL);
  push (&outbox, "waited for", task);
  push (&outbox, "three", NULL);

  texts = ef_outbox_list_unattended (&outbox, TRUE, 12345);
  g_assert_cmpuint (texts->len, ==, 2);
  expect (texts->pdata[0], "one", EF_COLUMN_STRING);
  expect (texts->pdata[1], "three", EF_COLUMN_STRING);
  bytes = ef_outbox_list_unattended (&outbox, FALSE, 12345);
  g_assert_cmpuint (bytes->len, ==, 2);
  expect (bytes->pdata[0], "one", EF_COLUMN_BYTES);

  g_assert_cmpuint (ef_outbox_fail (&outbox, error), ==, 3);
  while (!g_task_get_completed (task))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (outbox.n_popped, ==, 3);
  ef_outbox_clear (&outbox);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/outbox/unattended", test_unattended);

  return g_test_run ();
}
