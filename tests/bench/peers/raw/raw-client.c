/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* raw-client: what a client costs that does nothing but move bytes: prebuilt frames out, counted
 * frames in. No peer can be faster, so it is the limit the others are held against. */

#include "config.h"

#include <bench-job.h>
#include <bench-rounds.h>
#include <bench-scan.h>

#define BUFFER_SIZE (256 * 1024)

typedef struct
{
  BenchJob *job;
  BenchStream *stream;
  BenchStream *input; /* the same, but for pairs */
  BenchScan scan;
  guint8 *buffer;
} RawClient;

static void
read_some (RawClient *client)
{
  gssize n = bench_stream_read (client->input, client->buffer, BUFFER_SIZE);

  if (n == 0)
    bench_fail ("the server left after %" G_GUINT64_FORMAT " messages", client->scan.messages);
  bench_scan_feed (&client->scan, client->buffer, (gsize) n);
}

static GByteArray *
make_frames (RawClient *client, guint64 at_most, guint64 *n_frames)
{
  GByteArray *frames = g_byte_array_new ();
  BenchJob *job = client->job;

  *n_frames = 0;
  do
    {
      bench_frame_append (frames, BENCH_OPCODE_TEXT, job->payload, job->size, TRUE);
      *n_frames += 1;
    }
  while (*n_frames < at_most && frames->len + job->size < BUFFER_SIZE);

  return frames;
}

static void
run_receive (RawClient *client)
{
  BenchClock clock;

  bench_clock_start (&clock);
  while (client->scan.messages < client->job->count)
    read_some (client);
  bench_report (client->scan.messages, client->scan.bytes, &clock);
}

static void
run_send (RawClient *client)
{
  BenchJob *job = client->job;
  guint64 n_frames;
  g_autoptr (GByteArray) frames = make_frames (client, job->count, &n_frames);
  gsize frame_size = frames->len / n_frames;
  BenchClock clock;

  bench_clock_start (&clock);
  for (guint64 sent = 0; sent < job->count; sent += n_frames)
    {
      n_frames = MIN (n_frames, job->count - sent);
      if (!bench_stream_write_all (client->stream, frames->data, n_frames * frame_size))
        bench_fail ("the server left");
    }
  while (client->scan.messages == 0)
    read_some (client);
  bench_report (job->count, job->count * job->size, &clock);
}

static void
run_echo (RawClient *client)
{
  BenchJob *job = client->job;
  guint64 n_frames;
  g_autoptr (GByteArray) frame = make_frames (client, 1, &n_frames);
  BenchRounds rounds;

  bench_rounds_init (&rounds, job->warm_up, job->count);
  do
    {
      bench_rounds_begin (&rounds);
      if (!bench_stream_write_all (client->stream, frame->data, frame->len))
        bench_fail ("the server left");
      while (client->scan.messages <= rounds.done)
        read_some (client);
    }
  while (bench_rounds_end (&rounds));
  bench_rounds_report (&rounds, job->size);
}

/* The other connection of a pair. Nothing comes on it before something was sent on the first. */
static BenchStream *
connect_back (BenchJob *job)
{
  BenchStream *stream = bench_stream_connect (job->uri);

  g_byte_array_unref (bench_handshake_connect (stream, job->uri));

  return stream;
}

int
main (int argc, char **argv)
{
  g_autoptr (BenchJob) job = bench_job_parse (argc, argv);
  g_autofree guint8 *buffer = g_malloc (BUFFER_SIZE);
  g_autoptr (BenchStream) stream = bench_stream_connect (job->uri);
  g_autoptr (GByteArray) rest = bench_handshake_connect (stream, job->uri);
  g_autoptr (BenchStream) back = NULL;
  RawClient client = { .job = job, .stream = stream, .input = stream, .buffer = buffer };

  bench_scan_feed (&client.scan, rest->data, rest->len);

  switch (job->mode)
    {
    case BENCH_MODE_RECEIVE:
      run_receive (&client);
      break;
    case BENCH_MODE_SEND:
      run_send (&client);
      break;
    case BENCH_MODE_ECHO_PAIR:
      client.input = back = connect_back (job);
      run_echo (&client);
      break;
    case BENCH_MODE_ECHO:
      run_echo (&client);
      break;
    default:
      g_assert_not_reached ();
    }

  return 0;
}
