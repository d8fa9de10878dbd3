/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-test-peer.h"

#include "ef-test-loop.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

/*
 * EfTestPeer:
 *
 * A program in a process of its own that a test talks with: it prints lines, the test awaits them
 * and may write lines to it. It lives on the thread-default context of whoever spawned it, and all
 * waits iterate that context, so the tested code runs on meanwhile.
 *
 * The process does not outlive its test: it is killed with the object, and by the kernel when the
 * thread that spawned it dies, a failed assertion included.
 */
struct _EfTestPeer
{
  GObject parent_instance;

  char *name;
  GSubprocess *process;
  GMainContext *context;
  GSource *reader;
  GString *partial; /* a line that has not ended yet */
  GQueue lines;     /* (element-type utf8) */
  char *url;
  gboolean eof;
};

G_DEFINE_FINAL_TYPE (EfTestPeer, ef_test_peer, G_TYPE_OBJECT)

static void
take_lines (EfTestPeer *self)
{
  char *newline;

  while ((newline = strchr (self->partial->str, '\n')) != NULL)
    {
      gsize size = (gsize) (newline - self->partial->str);

      g_queue_push_tail (&self->lines, g_strndup (self->partial->str, size));
      g_string_erase (self->partial, 0, (gssize) size + 1);
    }
}

static gboolean
readable_cb (GObject *stream, gpointer user_data)
{
  EfTestPeer *self = user_data;
  char buffer[16384];
  g_autoptr (GError) error = NULL;
  gssize size;

  size = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer,
                                                   sizeof buffer, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;

  g_assert_no_error (error);
  if (size == 0)
    {
      self->eof = TRUE;
      g_clear_pointer (&self->reader, g_source_unref);
      return G_SOURCE_REMOVE;
    }

  g_string_append_len (self->partial, buffer, size);
  take_lines (self);

  return G_SOURCE_CONTINUE;
}

static void
ef_test_peer_finalize (GObject *object)
{
  EfTestPeer *self = EF_TEST_PEER (object);

  if (self->reader != NULL)
    {
      g_source_destroy (self->reader);
      g_source_unref (self->reader);
    }
  if (self->process != NULL)
    {
      g_subprocess_force_exit (self->process);
      g_subprocess_wait (self->process, NULL, NULL);
      g_object_unref (self->process);
    }
  g_main_context_unref (self->context);
  g_queue_clear_full (&self->lines, g_free);
  g_string_free (self->partial, TRUE);
  g_free (self->name);
  g_free (self->url);

  G_OBJECT_CLASS (ef_test_peer_parent_class)->finalize (object);
}

static void
ef_test_peer_class_init (EfTestPeerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ef_test_peer_finalize;
}

static void
ef_test_peer_init (EfTestPeer *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->partial = g_string_new (NULL);
  g_queue_init (&self->lines);
}

/* Runs in the child between fork and exec. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* ef_test_peer_spawn: starts a program, found in PATH unless it has a slash */
EfTestPeer *
ef_test_peer_spawn (const char *program, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  va_list args;
  const char *arg;

  va_start (args, program);
  for (arg = program; arg != NULL; arg = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) arg);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  return ef_test_peer_spawnv ((const char *const *) argv->pdata);
}

EfTestPeer *
ef_test_peer_spawnv (const char *const *argv)
{
  EfTestPeer *self = g_object_new (EF_TYPE_TEST_PEER, NULL);
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;

  self->name = g_strjoinv (" ", (char **) argv);
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE
                                        | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  self->process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  if (self->process == NULL)
    g_error ("Could not start “%s”: %s", self->name, error->message);

  self->reader = g_pollable_input_stream_create_source (
    G_POLLABLE_INPUT_STREAM (g_subprocess_get_stdout_pipe (self->process)), NULL);
  g_source_set_static_name (self->reader, "[EventFlux tests] peer output");
  g_source_set_callback (self->reader, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_attach (self->reader, self->context);

  return self;
}

/* ef_test_peer_take_line: the next line it printed, without its end, or NULL while there is none */
char *
ef_test_peer_take_line (EfTestPeer *self)
{
  g_return_val_if_fail (EF_IS_TEST_PEER (self), NULL);

  return g_queue_pop_head (&self->lines);
}

/* ef_test_peer_wait_line: the next line; fails the test if none comes */
char *
ef_test_peer_wait_line (EfTestPeer *self)
{
  g_return_val_if_fail (EF_IS_TEST_PEER (self), NULL);

  ef_test_wait_for (self->context, self->eof || !g_queue_is_empty (&self->lines));
  if (g_queue_is_empty (&self->lines))
    g_error ("“%s” ended its output where a line was awaited", self->name);

  return g_queue_pop_head (&self->lines);
}

/* ef_test_peer_wait_listening: the address of the line `listening URL`, which a server prints once
 * it takes connections; lines before it are dropped */
const char *
ef_test_peer_wait_listening (EfTestPeer *self)
{
  const char *const prefix = "listening ";

  g_return_val_if_fail (EF_IS_TEST_PEER (self), NULL);

  while (self->url == NULL)
    {
      g_autofree char *line = ef_test_peer_wait_line (self);

      if (g_str_has_prefix (line, prefix))
        self->url = g_strdup (line + strlen (prefix));
    }

  return self->url;
}

guint16
ef_test_peer_get_port (EfTestPeer *self)
{
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GError) error = NULL;

  uri = g_uri_parse (ef_test_peer_wait_listening (self), G_URI_FLAGS_NONE, &error);
  g_assert_no_error (error);

  return (guint16) g_uri_get_port (uri);
}

/* ef_test_peer_wait_event: the next line that is a JSON object whose member `event` has this
 * value; lines before it are dropped. An `error` event that was not awaited fails the test. */
JsonObject *
ef_test_peer_wait_event (EfTestPeer *self, const char *name)
{
  for (;;)
    {
      g_autofree char *line = ef_test_peer_wait_line (self);
      g_autoptr (JsonNode) node = NULL;
      g_autoptr (GError) error = NULL;
      JsonObject *object;
      const char *event;

      if (line[0] != '{')
        continue;

      node = json_from_string (line, &error);
      g_assert_no_error (error);
      object = json_node_get_object (node);
      event = json_object_get_string_member_with_default (object, "event", "");
      if (strcmp (event, name) == 0)
        return json_object_ref (object);

      if (strcmp (event, "error") == 0)
        g_error ("“%s” failed where “%s” was awaited: %s", self->name, name, line);
    }
}

/* ef_test_peer_tell: writes a line to its standard input */
void
ef_test_peer_tell (EfTestPeer *self, const char *format, ...)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  va_list args;

  g_return_if_fail (EF_IS_TEST_PEER (self));

  va_start (args, format);
  g_string_vprintf (line, format, args);
  va_end (args);
  g_string_append_c (line, '\n');

  /* A line fits a pipe that the peer keeps empty: this does not block. */
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->process), line->str, line->len,
                             NULL, NULL, &error);
  g_assert_no_error (error);
}

void
ef_test_peer_signal (EfTestPeer *self, int signum)
{
  g_return_if_fail (EF_IS_TEST_PEER (self));

  g_subprocess_send_signal (self->process, signum);
}

/* ef_test_peer_has_exited: whether the process is gone; its last lines may be waiting still */
gboolean
ef_test_peer_has_exited (EfTestPeer *self)
{
  g_return_val_if_fail (EF_IS_TEST_PEER (self), FALSE);

  return g_subprocess_get_identifier (self->process) == NULL;
}

/* ef_test_peer_wait_exit: its exit status, or minus the signal that killed it */
int
ef_test_peer_wait_exit (EfTestPeer *self)
{
  g_return_val_if_fail (EF_IS_TEST_PEER (self), -1);

  ef_test_wait_for (self->context, self->eof && ef_test_peer_has_exited (self));
  if (g_subprocess_get_if_signaled (self->process))
    return -g_subprocess_get_term_sig (self->process);

  return g_subprocess_get_exit_status (self->process);
}

/* ef_test_peer_stop: closes its standard input, at which the peers of tests/interop end orderly,
 * and waits until it has */
int
ef_test_peer_stop (EfTestPeer *self)
{
  g_return_val_if_fail (EF_IS_TEST_PEER (self), -1);

  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);

  return ef_test_peer_wait_exit (self);
}

/* ef_test_peer_make_message: the message of that number and size which the peers of tests/interop
 * send: its number and a colon, if they fit, and then a text in which each length of UTF-8 sequence
 * occurs, or all values of a byte */
GBytes *
ef_test_peer_make_message (gboolean text, guint index, gsize size)
{
  static const char unit[] = "aé€😀";
  const gsize unit_size = sizeof unit - 1;
  g_autofree char *number = g_strdup_printf ("%u:", index);
  gsize length = strlen (number) <= size ? strlen (number) : 0;
  char *data = g_malloc (size + 1);

  memcpy (data, number, length);
  if (text)
    {
      for (; size - length >= unit_size; length += unit_size)
        memcpy (data + length, unit, unit_size);
      memset (data + length, 'x', size - length);
    }
  else
    {
      for (gsize i = 0; length < size; i++)
        data[length++] = (char) (i & 0xff);
    }

  return g_bytes_new_take (data, size);
}
