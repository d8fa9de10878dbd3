/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-flush-timer-private.h"
#include "ef-frame-writer-private.h"
#include "ef-socket-io-private.h"

G_BEGIN_DECLS

/* What a connection sends: frames on their way to the kernel. */
typedef struct
{
  EfFrameRole role;
  EfSocketIo *io; /* NULL once closed */
  EfFrameWriter *writer;
  EfFlushTimer timer;
  guint64 n_written; /* bytes */
  GBytes *ping;      /* to be answered when there is room */
  gboolean blocked;  /* the kernel takes no more for now */
  gboolean failed;   /* … or ever */
} EfFrameOutput;

typedef enum
{
  EF_FRAME_OUTPUT_EMPTY,   /* all is written */
  EF_FRAME_OUTPUT_BLOCKED, /* the rest goes when the socket is ready */
  EF_FRAME_OUTPUT_FAILED,  /* the rest never goes */
} EfFrameOutputState;

/* What waits to be written when a flush is due at once. */
#define EF_FRAME_OUTPUT_FLUSH_SIZE (64 * 1024)

void ef_frame_output_init (EfFrameOutput *self,
                           EfFrameRole role,
                           EfSocketIo *io,
                           GMainContext *context,
                           GSourceFunc flush,
                           gpointer user_data);

void ef_frame_output_close (EfFrameOutput *self);

void ef_frame_output_clear (EfFrameOutput *self);

void ef_frame_output_drop (EfFrameOutput *self);

EfFrameOutputState ef_frame_output_flush (EfFrameOutput *self);

gboolean ef_frame_output_is_flush_due (EfFrameOutput *self);

void ef_frame_output_answer_ping (EfFrameOutput *self, gconstpointer payload, gsize size);

gboolean ef_frame_output_answer_late_ping (EfFrameOutput *self);

static inline gsize
ef_frame_output_get_queued (EfFrameOutput *self)
{
  return ef_frame_writer_get_queued (self->writer);
}

G_END_DECLS
