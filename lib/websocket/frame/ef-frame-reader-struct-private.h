/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-frame-header-private.h"
#include "ef-frame-reader-private.h"
#include "ef-utf8-private.h"

G_BEGIN_DECLS

/* The reader from within: ef-frame-reader-space.c has where bytes go to, ef-frame-reader.c what
 * becomes of them. */
struct _EfFrameReader
{
  /* The bytes [pos, end) of `data` are not parsed yet. */
  guint8 *data;
  gsize pos;
  gsize end;
  EfReadBuffer *buffer;
  guint8 nothing[1]; /* where `data` points while there is no buffer */

  /* Anything that next() must look at before a frame's header: what update_special() sums up. */
  gboolean special;
  guint8 masked_bit; /* EF_FRAME_MASKED if frames must have it, else 0 */
  guint8 key_size;
  guint64 max_message_size; /* what next() compares with: never 0 */
  guint64 last_frame;       /* size of the last data frame, header included */

  EfFrameHeaderRules rules;

  /* The data frame whose header is parsed. If `streaming` its payload goes into `message`, else
   * it stays where it is, behind its header at `pos`. */
  gboolean in_frame;
  gboolean streaming;
  EfFrameHeader header;
  guint64 done; /* bytes of payload unmasked, checked and, if streaming, in `message` */

  /* The message being put together. */
  EfOpcode kind;
  guint8 rsv;
  gboolean is_text; /* whose UTF-8 is checked */
  EfUtf8 utf8;
  guint64 checked; /* bytes of text that are good */
  EfReadBuffer *message;
  gsize message_len;
  gsize landed;     /* bytes behind `message_len`, read there directly, not looked at yet */
  gboolean landing; /* the space given out last is in `message` */

  EfReadBuffer *delivered; /* the `message` delivered last */
  gboolean finished;
  char *text;
};

gboolean _ef_frame_reader_reserve (EfFrameReader *reader);

void _ef_frame_reader_drop_memory (EfFrameReader *reader);

G_END_DECLS
