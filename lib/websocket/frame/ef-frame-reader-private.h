/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-frame-private.h"
#include "ef-read-buffer-private.h"

G_BEGIN_DECLS

/* What a peer sent, parsed: bytes in, messages out, no I/O. One thread at a time.
 *
 *   space = ef_frame_reader_get_space (reader, &room);
 *   n = read (fd, space, room);
 *   ef_frame_reader_commit (reader, n);
 *   while ((result = ef_frame_reader_next (reader, &frame)) != EF_FRAME_NEED_MORE)
 *     …
 *
 * Whatever came with the handshake is written into the space like any other bytes. */
typedef struct _EfFrameReader EfFrameReader;

typedef enum
{
  EF_FRAME_NEED_MORE, /* all that can be said about the bytes so far was said */
  EF_FRAME_MESSAGE,   /* a whole text or binary message, reassembled */
  EF_FRAME_PING,
  EF_FRAME_PONG,
  EF_FRAME_CLOSE, /* `code` and `text`, the reason; the last thing there is */
  EF_FRAME_ERROR, /* `code` to close with and `text`, what was wrong; the last thing there is */
} EfFrameResult;

typedef struct
{
  EfOpcode kind; /* of a message: EF_OPCODE_TEXT or EF_OPCODE_BINARY */
  guint8 rsv;    /* of a message: the reserved bits of its first frame, as EF_FRAME_RSV1 … */
  guint16 code;  /* of a close or an error */
  guint8 *data;  /* payload of a message, ping or pong: valid until the reader's next call, or for
                  * as long as a reference on `buffer` is held */
  gsize len;
  EfReadBuffer *buffer; /* what `data` lies in, not a new reference */
  const char *text;     /* UTF-8, never NULL for a close or an error; lives with the reader */
} EfFrame;

EfFrameReader *ef_frame_reader_new (EfFrameRole role, guint64 max_message_size);

void ef_frame_reader_free (EfFrameReader *reader);

void ef_frame_reader_set_max_message_size (EfFrameReader *reader, guint64 max_message_size);

void ef_frame_reader_set_allowed_rsv (EfFrameReader *reader, guint8 rsv);

guint8 *ef_frame_reader_get_space (EfFrameReader *reader, gsize *len);

void ef_frame_reader_commit (EfFrameReader *reader, gsize len);

EfFrameResult ef_frame_reader_next (EfFrameReader *reader, EfFrame *frame);

gboolean ef_frame_reader_is_finished (EfFrameReader *reader);

gboolean ef_frame_reader_is_in_message (EfFrameReader *reader);

gsize ef_frame_reader_get_memory (EfFrameReader *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfFrameReader, ef_frame_reader_free)

G_END_DECLS
