/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-frame-private.h"

G_BEGIN_DECLS

/* What decides whether a header is right. */
typedef struct
{
  EfFrameRole role;    /* of the one who receives */
  guint8 allowed_rsv;  /* reserved bits that an extension has given a meaning */
  gboolean in_message; /* a fragmented message has begun and not ended */
} EfFrameHeaderRules;

typedef struct
{
  EfOpcode opcode;
  gboolean fin;
  guint8 rsv;
  gsize size;  /* of the header itself */
  guint64 len; /* of the payload */
  guint32 key; /* 0 if it is not masked */
} EfFrameHeader;

typedef enum
{
  EF_FRAME_HEADER_PARTIAL, /* right so far, but not all of it is there */
  EF_FRAME_HEADER_WHOLE,
  EF_FRAME_HEADER_WRONG,
} EfFrameHeaderState;

EfFrameHeaderState ef_frame_header_parse (const EfFrameHeaderRules *rules,
                                          const guint8 *data,
                                          gsize len,
                                          EfFrameHeader *header,
                                          char **problem);

G_END_DECLS
