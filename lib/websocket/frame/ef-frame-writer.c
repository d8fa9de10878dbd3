/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-frame-writer-private.h"

#include "ef-mask-private.h"
#include "ef-mask-source-private.h"
#include "ef-read-buffer-private.h"

/* A quiet connection's few bytes take a small chunk, so that 500 of them with something unsent
 * stay small; each chunk that fills up is followed by one four times as large. */
#define CHUNK_MIN 960
#define CHUNK_MAX EF_READ_BUFFER_SIZE

/* From here on a shared frame or payload is referenced; below, copying it costs less than a chunk
 * of its own and one more vector in the write. */
#define SHARE_MIN 4096

/* A piece of the output. Its memory is a buffer of the thread's cache if it is a large one, or
 * follows the structure, or belongs to `bytes`. */
typedef struct _Chunk Chunk;

struct _Chunk
{
  Chunk *next;
  EfReadBuffer *buffer;
  GBytes *bytes;
  const guint8 *start; /* the bytes not written yet are [start, end) */
  const guint8 *end;
  gsize capacity;
};

struct _EfFrameWriter
{
  /* Where the next byte goes, and how far the last chunk reaches; both NULL if there is none, or
   * none that can be written to. */
  guint8 *cursor;
  guint8 *limit;

  EfFrameRole role;
  EfMaskSource keys;
  gsize queued;
  Chunk *head;
  Chunk *tail;
  gsize next_size; /* of the next chunk */
  gsize burst;     /* bytes queued and written since the queue was empty */
};

EfFrameWriter *
ef_frame_writer_new (EfFrameRole role)
{
  EfFrameWriter *writer = g_new0 (EfFrameWriter, 1);

  writer->role = role;
  writer->next_size = CHUNK_MIN;
  return writer;
}

static void
chunk_free (Chunk *chunk)
{
  if (chunk->buffer != NULL)
    ef_read_buffer_give (chunk->buffer, 0);
  g_clear_pointer (&chunk->bytes, g_bytes_unref);
  g_free (chunk);
}

void
ef_frame_writer_free (EfFrameWriter *writer)
{
  while (writer->head != NULL)
    {
      Chunk *chunk = writer->head;

      writer->head = chunk->next;
      chunk_free (chunk);
    }

  g_free (writer);
}

/* Bytes that were appended and not consumed. */
gsize
ef_frame_writer_get_queued (EfFrameWriter *writer)
{
  return writer->queued;
}

/* Bytes of memory held: 0 while nothing is queued. Shared frames count in full. */
gsize
ef_frame_writer_get_memory (EfFrameWriter *writer)
{
  gsize memory = 0;

  for (Chunk *chunk = writer->head; chunk != NULL; chunk = chunk->next)
    memory += chunk->capacity;

  return memory;
}

/* Notes in the last chunk what was written through the cursor. */
static inline void
sync_tail (EfFrameWriter *writer)
{
  if (writer->cursor != NULL)
    writer->tail->end = writer->cursor;
}

static void
add_chunk (EfFrameWriter *writer, Chunk *chunk)
{
  sync_tail (writer);
  writer->cursor = writer->limit = NULL;

  if (writer->tail != NULL)
    writer->tail->next = chunk;
  else
    writer->head = chunk;
  writer->tail = chunk;
}

/* Starts a chunk with room for @wanted bytes, or for as many as a chunk may have. */
static void
add_room (EfFrameWriter *writer, gsize wanted)
{
  if (writer->cursor != NULL)
    writer->next_size = MIN (writer->next_size * 4, CHUNK_MAX);

  gsize size = MIN (MAX (writer->next_size, wanted), CHUNK_MAX);
  gboolean large = size > CHUNK_MAX / 2;
  Chunk *chunk = g_malloc (sizeof *chunk + (large ? 0 : size));
  guint8 *data = (guint8 *) (chunk + 1);

  *chunk = (Chunk){ 0 };
  if (large)
    {
      chunk->buffer = ef_read_buffer_take (CHUNK_MAX);
      data = chunk->buffer->data;
      size = chunk->buffer->capacity;
    }

  chunk->start = chunk->end = data;
  chunk->capacity = size;
  add_chunk (writer, chunk);

  writer->cursor = data;
  writer->limit = data + size;
}

static inline gsize
get_room (EfFrameWriter *writer)
{
  return (gsize) (writer->limit - writer->cursor);
}

static inline void
count (EfFrameWriter *writer, gsize len)
{
  writer->queued += len;
  writer->burst += len;
}

/* Copies, masked with @key if the role is the client's, where there is room. */
static inline void
put_piece (EfFrameWriter *writer, const guint8 *data, gsize len, guint32 key, gsize phase)
{
  if (writer->role == EF_FRAME_ROLE_CLIENT)
    ef_mask_copy (writer->cursor, data, len, key, phase);
  else
    memcpy (writer->cursor, data, len);

  writer->cursor += len;
}

/* Copies over as many chunks as it takes. */
static void
put_payload (EfFrameWriter *writer, const guint8 *data, gsize len, guint32 key)
{
  for (gsize done = 0; done < len;)
    {
      if (get_room (writer) == 0)
        add_room (writer, len - done);

      gsize n = MIN (len - done, get_room (writer));

      put_piece (writer, data + done, n, key, done);
      done += n;
    }
}

/* Puts a header, which lies in one chunk. Returns its masking key. */
static inline guint32
put_header (EfFrameWriter *writer, guint8 first, gsize len)
{
  guint8 *header = writer->cursor;
  guint32 key = 0;

  writer->cursor += ef_frame_encode_header (header, first, len);

  if (writer->role == EF_FRAME_ROLE_CLIENT)
    {
      key = ef_mask_source_next (&writer->keys);
      header[1] |= EF_FRAME_MASKED;
      memcpy (writer->cursor, &key, sizeof key);
      writer->cursor += sizeof key;
    }

  return key;
}

/* Appends one frame with the flags and opcode @first: a fragment has no EF_FRAME_FIN, what
 * follows it is EF_OPCODE_CONTINUATION. Nothing is checked: text is UTF-8 already. */
void
ef_frame_writer_append_frame (EfFrameWriter *writer, guint8 first, gconstpointer data, gsize len)
{
  gsize size = ef_frame_header_size (writer->role, len) + len;

  if (G_UNLIKELY (get_room (writer) < EF_FRAME_MAX_HEADER))
    add_room (writer, size + EF_FRAME_MAX_HEADER);

  guint32 key = put_header (writer, first, len);

  if (G_LIKELY (len > 0 && len <= get_room (writer)))
    put_piece (writer, data, len, key, 0);
  else
    put_payload (writer, data, len, key);

  count (writer, size);
}

/* Appends a whole text, binary, ping or pong. */
void
ef_frame_writer_append (EfFrameWriter *writer, EfOpcode opcode, gconstpointer data, gsize len)
{
  g_return_if_fail (opcode < EF_OPCODE_CLOSE || len <= EF_FRAME_MAX_CONTROL);

  ef_frame_writer_append_frame (writer, EF_FRAME_FIN | opcode, data, len);
}

static void
add_reference (EfFrameWriter *writer, GBytes *bytes)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);
  Chunk *chunk = g_new0 (Chunk, 1);

  chunk->bytes = g_bytes_ref (bytes);
  chunk->start = data;
  chunk->end = data + len;
  chunk->capacity = len;
  add_chunk (writer, chunk);
}

/* Appends a whole text or binary message; a server does not copy a large one. */
void
ef_frame_writer_append_bytes (EfFrameWriter *writer, EfOpcode opcode, GBytes *payload)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (payload, &len);

  if (writer->role == EF_FRAME_ROLE_CLIENT || len < SHARE_MIN)
    {
      ef_frame_writer_append (writer, opcode, data, len);
      return;
    }

  if (get_room (writer) < EF_FRAME_MAX_HEADER)
    add_room (writer, EF_FRAME_MAX_HEADER);

  put_header (writer, EF_FRAME_FIN | opcode, len);
  add_reference (writer, payload);
  count (writer, ef_frame_size (writer->role, len));
}

/* Appends what ef_frame_encode_shared() made: by reference if it is large, else as a copy. */
void
ef_frame_writer_append_shared (EfFrameWriter *writer, GBytes *frame)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (frame, &len);

  g_return_if_fail (writer->role == EF_FRAME_ROLE_SERVER);

  if (len < SHARE_MIN)
    put_payload (writer, data, len, 0);
  else
    add_reference (writer, frame);

  count (writer, len);
}

/* Appends a close. @code 0 or EF_CLOSE_NO_STATUS sends none. A @reason that is too long is cut
 * where a character ends. */
void
ef_frame_writer_append_close (EfFrameWriter *writer, guint code, const char *reason)
{
  const gsize most = EF_FRAME_MAX_CONTROL - 2;
  guint8 payload[EF_FRAME_MAX_CONTROL];
  gsize len = reason != NULL ? strlen (reason) : 0;

  if (code == 0 || code == EF_CLOSE_NO_STATUS)
    {
      ef_frame_writer_append (writer, EF_OPCODE_CLOSE, NULL, 0);
      return;
    }

  g_return_if_fail (ef_close_code_is_valid (code));

  if (len > most)
    for (len = most; len > 0 && ((guint8) reason[len] & 0xc0) == 0x80;)
      len--;

  payload[0] = (guint8) (code >> 8);
  payload[1] = (guint8) code;
  if (len > 0)
    memcpy (payload + 2, reason, len);

  ef_frame_writer_append (writer, EF_OPCODE_CLOSE, payload, len + 2);
}

/* The bytes to write next, as far as they lie in one piece. NULL if there are none. */
const guint8 *
ef_frame_writer_peek (EfFrameWriter *writer, gsize *len)
{
  if (writer->queued == 0)
    {
      *len = 0;
      return NULL;
    }

  sync_tail (writer);
  *len = (gsize) (writer->head->end - writer->head->start);
  return writer->head->start;
}

/* Fills up to @n_vectors with the bytes to write next. Returns how many. */
guint
ef_frame_writer_peek_vectors (EfFrameWriter *writer, GOutputVector *vectors, guint n_vectors)
{
  guint n = 0;

  sync_tail (writer);
  for (Chunk *chunk = writer->head; chunk != NULL && n < n_vectors; chunk = chunk->next)
    {
      vectors[n].buffer = chunk->start;
      vectors[n].size = (gsize) (chunk->end - chunk->start);
      n += vectors[n].size > 0;
    }

  return n;
}

static void
drop_head (EfFrameWriter *writer)
{
  Chunk *chunk = writer->head;

  writer->head = chunk->next;
  if (writer->head == NULL)
    {
      writer->tail = NULL;
      writer->cursor = writer->limit = NULL;
    }

  chunk_free (chunk);
}

/* Says that the first @len bytes were written. */
void
ef_frame_writer_consume (EfFrameWriter *writer, gsize len)
{
  g_return_if_fail (len <= writer->queued);

  sync_tail (writer);
  writer->queued -= len;

  while (len > 0)
    {
      Chunk *chunk = writer->head;
      gsize n = MIN (len, (gsize) (chunk->end - chunk->start));

      chunk->start += n;
      len -= n;
      if (chunk->start == chunk->end && (chunk != writer->tail || writer->queued == 0))
        drop_head (writer);
    }

  /* The size of chunks follows the traffic: down where a burst used little of one. */
  if (writer->queued == 0)
    {
      if (writer->burst < writer->next_size / 8)
        writer->next_size = MAX (writer->next_size / 4, CHUNK_MIN);
      writer->burst = 0;
    }
}
