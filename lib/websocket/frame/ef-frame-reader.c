/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-frame-reader-private.h"

#include "ef-frame-reader-struct-private.h"
#include "ef-mask-private.h"

/* A message too large for a read buffer gets this much, or all if it is less, and then twice as
 * much each time that is full: a header that promises 8 EiB costs what has arrived. */
#define MESSAGE_STEP (1024 * 1024)

/* What a message of an unknown number of fragments starts with. */
#define FRAGMENTS_MIN 4096

/* Payload is unmasked and checked in steps that stay in the first-level cache. */
#define PROCESS_STEP (16 * 1024)

/* @max_message_size: bytes in a message, 0 for no limit but memory. */
EfFrameReader *
ef_frame_reader_new (EfFrameRole role, guint64 max_message_size)
{
  EfFrameReader *reader = g_new0 (EfFrameReader, 1);

  reader->data = reader->nothing;
  reader->rules.role = role;
  reader->masked_bit = role == EF_FRAME_ROLE_SERVER ? EF_FRAME_MASKED : 0;
  reader->key_size = role == EF_FRAME_ROLE_SERVER ? 4 : 0;
  ef_frame_reader_set_max_message_size (reader, max_message_size);
  return reader;
}

/* Lets go of every buffer. */
void
_ef_frame_reader_drop_memory (EfFrameReader *reader)
{
  if (reader->buffer != NULL)
    ef_read_buffer_give (reader->buffer, reader->end);
  g_clear_pointer (&reader->message, ef_read_buffer_unref);
  g_clear_pointer (&reader->delivered, ef_read_buffer_unref);

  reader->buffer = NULL;
  reader->data = reader->nothing;
  reader->pos = reader->end = 0;
  reader->message_len = 0;
  reader->landed = 0;
}

void
ef_frame_reader_free (EfFrameReader *reader)
{
  _ef_frame_reader_drop_memory (reader);
  g_free (reader->text);
  g_free (reader);
}

void
ef_frame_reader_set_max_message_size (EfFrameReader *reader, guint64 max_message_size)
{
  /* Far from where sums of sizes overflow. */
  const guint64 most = G_MAXSIZE / 4;

  reader->max_message_size = max_message_size == 0 ? most : MIN (max_message_size, most);
}

/* Which of EF_FRAME_RSV1 … the first frame of a message may carry. The text of a message with
 * RSV1 is not checked: its bytes are compressed, and are for the one who inflates them to check. */
void
ef_frame_reader_set_allowed_rsv (EfFrameReader *reader, guint8 rsv)
{
  reader->rules.allowed_rsv = rsv & EF_FRAME_RSV_MASK;
}

/* Whether a close or an error was delivered, after which nothing else will be. */
gboolean
ef_frame_reader_is_finished (EfFrameReader *reader)
{
  return reader->finished;
}

/* Whether a message has begun and not ended. */
gboolean
ef_frame_reader_is_in_message (EfFrameReader *reader)
{
  return !reader->finished && (reader->in_frame || reader->rules.in_message);
}

/* Bytes of buffers held: 0 while nothing is under way. */
gsize
ef_frame_reader_get_memory (EfFrameReader *reader)
{
  gsize memory = reader->buffer != NULL ? reader->buffer->capacity : 0;

  if (reader->message != NULL)
    memory += reader->message->capacity;
  if (reader->delivered != NULL)
    memory += reader->delivered->capacity;

  return memory;
}

static inline void
update_special (EfFrameReader *reader)
{
  reader->special =
    reader->in_frame || reader->rules.in_message || reader->delivered != NULL || reader->finished;
}

/* Ends it all. Takes @text. */
static EfFrameResult
finish (EfFrameReader *reader, EfFrame *frame, EfFrameResult result, guint code, char *text)
{
  reader->finished = TRUE;
  reader->in_frame = FALSE;
  reader->rules.in_message = FALSE;
  _ef_frame_reader_drop_memory (reader);
  update_special (reader);

  g_free (reader->text);
  reader->text = text;

  *frame = (EfFrame){ .code = (guint16) code, .text = text };
  return result;
}

static EfFrameResult
fail (EfFrameReader *reader, EfFrame *frame, guint code, char *text)
{
  return finish (reader, frame, EF_FRAME_ERROR, code, text);
}

static EfFrameResult
fail_text (EfFrameReader *reader, EfFrame *frame, guint64 position)
{
  return fail (
    reader, frame, EF_CLOSE_INVALID_DATA,
    g_strdup_printf ("text message with invalid UTF-8 at byte %" G_GUINT64_FORMAT, position));
}

static EfFrameResult
fail_unfinished_text (EfFrameReader *reader, EfFrame *frame, guint64 len)
{
  return fail (reader, frame, EF_CLOSE_INVALID_DATA,
               g_strdup_printf ("text message of %" G_GUINT64_FORMAT
                                " bytes that ends within a UTF-8 character",
                                len));
}

/* Unmasks @len bytes of the current payload on their way from @src to @dst, which may be the same
 * place, and checks them. FALSE if they are no UTF-8; `checked` is where then. */
static gboolean
process (EfFrameReader *reader, guint8 *dst, const guint8 *src, gsize len)
{
  for (gsize i = 0; i < len; i += PROCESS_STEP)
    {
      gsize n = MIN (len - i, PROCESS_STEP);

      if (reader->key_size > 0)
        ef_mask_copy (dst + i, src + i, n, reader->header.key, (gsize) (reader->done & 3));
      else if (dst != src)
        memcpy (dst + i, src + i, n);
      reader->done += n;

      if (reader->is_text)
        {
          gsize good = ef_utf8_feed (&reader->utf8, dst + i, n);

          reader->checked += good;
          if (good < n)
            return FALSE;
        }
    }

  return TRUE;
}

/* Makes room for what has come or is to come of the current frame, in steps. */
gboolean
_ef_frame_reader_reserve (EfFrameReader *reader)
{
  guint64 rest = reader->header.len - reader->done - reader->landed;
  gsize used = reader->message_len + reader->landed;
  gsize needed = used + (gsize) MIN (rest, MESSAGE_STEP);
  EfReadBuffer *message = reader->message;

  if (message != NULL && message->capacity >= needed)
    return TRUE;

  gsize capacity = MAX (needed, message != NULL ? message->capacity * 2 : 0);

  if (reader->header.fin)
    capacity = (gsize) MIN (capacity, used + rest);
  else
    capacity = MAX (capacity, FRAGMENTS_MIN);

  message =
    message != NULL ? ef_read_buffer_grow (message, capacity) : ef_read_buffer_new (capacity);
  if (message == NULL)
    return FALSE;

  reader->message = message;
  return TRUE;
}

/* Adds @len bytes of payload to `message`. */
static gboolean
absorb (EfFrameReader *reader, const guint8 *src, gsize len, EfFrame *frame, EfFrameResult *result)
{
  if (process (reader, reader->message->data + reader->message_len, src, len))
    {
      reader->message_len += len;
      return TRUE;
    }

  *result = fail_text (reader, frame, reader->checked);
  return FALSE;
}

static void
release_buffer (EfFrameReader *reader)
{
  if (reader->buffer == NULL || reader->pos < reader->end)
    return;

  ef_read_buffer_give (reader->buffer, reader->end);
  reader->buffer = NULL;
  reader->data = reader->nothing;
  reader->pos = reader->end = 0;
}

static EfFrameResult
deliver_message (EfFrameReader *reader, EfFrame *frame)
{
  gsize len = reader->message_len;

  if (reader->is_text && !ef_utf8_is_complete (&reader->utf8))
    return fail_unfinished_text (reader, frame, len);

  reader->delivered = g_steal_pointer (&reader->message);
  reader->message_len = 0;
  reader->rules.in_message = FALSE;
  update_special (reader);

  frame->kind = reader->kind;
  frame->rsv = reader->rsv;
  frame->data = reader->delivered->data;
  frame->len = len;
  frame->buffer = reader->delivered;
  return EF_FRAME_MESSAGE;
}

/* Adds what was read straight into `message`, then what lies in the read buffer. */
static gboolean
absorb_all (EfFrameReader *reader, EfFrame *frame, EfFrameResult *result)
{
  gsize n = reader->landed;

  reader->landed = 0;
  if (n > 0 && !absorb (reader, reader->message->data + reader->message_len, n, frame, result))
    return FALSE;

  do
    {
      if (!_ef_frame_reader_reserve (reader))
        {
          guint64 size = reader->message_len + (reader->header.len - reader->done);

          *result =
            fail (reader, frame, EF_CLOSE_TOO_BIG,
                  g_strdup_printf ("no memory for a message of %" G_GUINT64_FORMAT " bytes", size));
          return FALSE;
        }

      n = MIN (reader->end - reader->pos, reader->message->capacity - reader->message_len);
      n = (gsize) MIN (n, reader->header.len - reader->done);
      reader->pos += n;
      if (!absorb (reader, reader->data + reader->pos - n, n, frame, result))
        return FALSE;
    }
  while (n > 0);

  return TRUE;
}

/* Goes on with a frame whose payload goes into `message`. TRUE if there is a result. */
static gboolean
continue_streaming (EfFrameReader *reader, EfFrame *frame, EfFrameResult *result)
{
  if (!absorb_all (reader, frame, result))
    return TRUE;

  if (reader->done < reader->header.len)
    {
      release_buffer (reader);
      *result = EF_FRAME_NEED_MORE;
      return TRUE;
    }

  reader->in_frame = FALSE;
  reader->last_frame = reader->header.size + reader->header.len;
  reader->rules.in_message = !reader->header.fin;
  if (reader->rules.in_message)
    return FALSE;

  *result = deliver_message (reader, frame);
  return TRUE;
}

/* Goes on with a whole message that lies, or will lie, in the read buffer. */
static EfFrameResult
continue_in_place (EfFrameReader *reader, EfFrame *frame)
{
  const EfFrameHeader *header = &reader->header;
  guint8 *payload = reader->data + reader->pos + header->size;
  gsize there = reader->end - reader->pos - header->size;
  gsize len = (gsize) header->len;
  gsize done = (gsize) reader->done;

  if (!process (reader, payload + done, payload + done, MIN (there, len) - done))
    return fail_text (reader, frame, reader->checked);
  if (there < len)
    return EF_FRAME_NEED_MORE;
  if (reader->is_text && !ef_utf8_is_complete (&reader->utf8))
    return fail_unfinished_text (reader, frame, len);

  reader->in_frame = FALSE;
  reader->last_frame = header->size + len;
  reader->pos += header->size + len;

  frame->kind = reader->kind;
  frame->rsv = reader->rsv;
  frame->data = payload;
  frame->len = len;
  frame->buffer = reader->buffer;
  return EF_FRAME_MESSAGE;
}

static EfFrameResult
take_close (EfFrameReader *reader, EfFrame *frame, const guint8 *payload, gsize len)
{
  if (len == 0)
    return finish (reader, frame, EF_FRAME_CLOSE, EF_CLOSE_NO_STATUS, g_strdup (""));

  guint code = (guint) payload[0] << 8 | payload[1];

  if (!ef_close_code_is_valid (code))
    return fail (reader, frame, EF_CLOSE_PROTOCOL_ERROR,
                 g_strdup_printf ("close frame with code %u, which must not be sent", code));
  if (!ef_utf8_is_valid (payload + 2, len - 2))
    return fail (
      reader, frame, EF_CLOSE_INVALID_DATA,
      g_strdup_printf ("close frame with code %u and a reason that is no valid UTF-8", code));

  return finish (reader, frame, EF_FRAME_CLOSE, code,
                 g_strndup ((const char *) payload + 2, len - 2));
}

static EfFrameResult
take_control (EfFrameReader *reader, EfFrame *frame, const EfFrameHeader *header)
{
  guint8 *payload = reader->data + reader->pos + header->size;
  gsize len = (gsize) header->len;

  if (reader->end - reader->pos - header->size < len)
    return EF_FRAME_NEED_MORE;

  reader->pos += header->size + len;
  ef_mask_in_place (payload, len, header->key, 0);

  if (header->opcode == EF_OPCODE_CLOSE)
    return take_close (reader, frame, payload, len);

  frame->data = payload;
  frame->len = len;
  frame->buffer = reader->buffer;
  return header->opcode == EF_OPCODE_PING ? EF_FRAME_PING : EF_FRAME_PONG;
}

/* Gets ready for the payload of a data frame. FALSE if it makes the message too large. */
static gboolean
begin_data (EfFrameReader *reader, const EfFrameHeader *header)
{
  if (header->len > reader->max_message_size ||
      reader->message_len > reader->max_message_size - header->len)
    return FALSE;

  if (header->opcode != EF_OPCODE_CONTINUATION)
    {
      reader->kind = header->opcode;
      reader->rsv = header->rsv;
      reader->is_text = header->opcode == EF_OPCODE_TEXT && !(header->rsv & EF_FRAME_RSV1);
      reader->utf8 = (EfUtf8) EF_UTF8_INIT;
      reader->checked = 0;
    }

  reader->header = *header;
  reader->done = 0;
  reader->in_frame = TRUE;
  reader->streaming =
    !header->fin || reader->rules.in_message || header->size + header->len > EF_READ_BUFFER_SIZE;
  if (reader->streaming)
    reader->pos += header->size;

  return TRUE;
}

/* Looks at what comes after the last frame. TRUE if there is a result; else a data frame has
 * begun. */
static gboolean
begin_frame (EfFrameReader *reader, EfFrame *frame, EfFrameResult *result)
{
  EfFrameHeader header;
  char *problem = NULL;

  if (reader->pos == reader->end)
    {
      release_buffer (reader);
      *result = EF_FRAME_NEED_MORE;
      return TRUE;
    }

  switch (ef_frame_header_parse (&reader->rules, reader->data + reader->pos,
                                 reader->end - reader->pos, &header, &problem))
    {
    case EF_FRAME_HEADER_WRONG:
      *result = fail (reader, frame, EF_CLOSE_PROTOCOL_ERROR, problem);
      return TRUE;
    case EF_FRAME_HEADER_PARTIAL:
      *result = EF_FRAME_NEED_MORE;
      return TRUE;
    case EF_FRAME_HEADER_WHOLE:
    default:
      break;
    }

  if (header.opcode >= EF_OPCODE_CLOSE)
    {
      *result = take_control (reader, frame, &header);
      return TRUE;
    }

  if (begin_data (reader, &header))
    return FALSE;

  *result = fail (reader, frame, EF_CLOSE_TOO_BIG,
                  g_strdup_printf ("message of %s%" G_GUINT64_FORMAT
                                   " bytes, allowed are %" G_GUINT64_FORMAT,
                                   header.fin ? "" : "at least ", reader->message_len + header.len,
                                   reader->max_message_size));
  return TRUE;
}

/* All that is no whole, unfragmented message in the read buffer. */
static EfFrameResult
next_special (EfFrameReader *reader, EfFrame *frame)
{
  EfFrameResult result = EF_FRAME_NEED_MORE;

  g_clear_pointer (&reader->delivered, ef_read_buffer_unref);

  for (gboolean told = reader->finished; !told;)
    {
      if (!reader->in_frame)
        told = begin_frame (reader, frame, &result);
      else if (reader->streaming)
        told = continue_streaming (reader, frame, &result);
      else
        {
          result = continue_in_place (reader, frame);
          told = TRUE;
        }
    }

  update_special (reader);
  return result;
}

/* Tells what comes next. To be called until it says EF_FRAME_NEED_MORE: after that, and not
 * before, an idle reader holds no buffer. */
EfFrameResult
ef_frame_reader_next (EfFrameReader *reader, EfFrame *frame)
{
  const guint8 *p = reader->data + reader->pos;
  gsize there = reader->end - reader->pos;

  /* The common case, in a few instructions: a whole message of up to 64 KiB in the buffer.
   * Whatever is different in the least goes the long way, which knows all the rules. */
  if (G_UNLIKELY (reader->special || there < 4 || (p[0] != 0x81 && p[0] != 0x82)))
    return next_special (reader, frame);

  gsize len = p[1] ^ reader->masked_bit;
  gsize header_size = 2;

  if (len == 126)
    {
      len = (gsize) p[2] << 8 | p[3];
      header_size = 4;
      if (G_UNLIKELY (len < 126))
        return next_special (reader, frame);
    }
  else if (G_UNLIKELY (len > 126))
    return next_special (reader, frame);

  header_size += reader->key_size;
  if (G_UNLIKELY (header_size + len > there || len > reader->max_message_size))
    return next_special (reader, frame);

  guint8 *payload = reader->data + reader->pos + header_size;

  if (reader->key_size > 0)
    {
      guint32 key;

      memcpy (&key, payload - sizeof key, sizeof key);
      ef_mask_in_place (payload, len, key, 0);
    }

  if (p[0] == 0x81 && G_UNLIKELY (!ef_utf8_is_valid (payload, len)))
    {
      EfUtf8 utf8 = EF_UTF8_INIT;
      gsize good = ef_utf8_feed (&utf8, payload, len);

      return good < len ? fail_text (reader, frame, good)
                        : fail_unfinished_text (reader, frame, len);
    }

  reader->pos += header_size + len;
  reader->last_frame = header_size + len;

  frame->kind = (EfOpcode) (p[0] & EF_FRAME_OPCODE_MASK);
  frame->rsv = 0;
  frame->data = payload;
  frame->len = len;
  frame->buffer = reader->buffer;
  return EF_FRAME_MESSAGE;
}
