/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"

G_BEGIN_DECLS

/* What an output pad is linked to. Never changed once made, so that a push may go on with the one it
 * began with while a handler links and unlinks. */
typedef struct
{
  EfPad *pad;
  EfElement *element;    /* owned: the pad's element, and so the pad too */
} EfPeer;

typedef struct
{
  guint ref_count;
  guint n_peers;
  EfPeer peers[];
} EfPeers;

/* An input pad's view of a link. */
typedef struct
{
  EfPad *src;      /* unowned: a link goes before its pads do */
  gboolean eos;    /* it has brought the end of its stream */
} EfInput;

/* What an element wants to hear of its pads. */
typedef struct
{
  /* The last call that was passing the pad has returned; only if it was recalled. */
  void (*returned) (EfElement *element, EfPad *pad);

  /* An output is held, or is so no more. */
  void (*held_changed) (EfElement *element);
} EfPadFuncs;

/* A pad knows of its element what everybody does, and besides the functions that it was given. */
struct _EfPad
{
  GObject parent_instance;

  EfElement *element;    /* unowned, NULL once the element is gone */
  const EfPadFuncs *funcs;
  const char *name;
  EfPadDirection direction;
  EfPadContent content;

  /* Here so that a push need not look them up in the class. */
  void (*process) (EfElement *element, EfBatch *batch);
  void (*marker) (EfElement *element, EfMarker *marker);

  EfPeers *peers;        /* of an output; NULL when there is none */
  GArray *inputs;        /* of an input: EfInput */

  int flowing;           /* whether batches pass */
  int held;              /* an input: held by its element; an output: by any of its peers */
  gboolean stuck;        /* an output: held by what could not be pushed */
  gboolean recalled;     /* the element wants to be called when the last call has returned */
  guint depth;           /* how many calls are passing the pad at this moment */
  EfBatch *batch;        /* an input: the batch that its element is looking at */

  guint64 n_events;
  guint64 n_dropped;
};

EfPad *ef_pad_new (EfElement *element,
                   const EfPadFuncs *funcs,
                   const char *name,
                   EfPadDirection direction,
                   EfPadContent content);

void ef_pad_detach (EfPad *self);

void ef_pad_set_flowing (EfPad *self, gboolean flowing);

void ef_pad_set_held (EfPad *self, gboolean held);

void ef_pad_update_held (EfPad *self);

void ef_pad_forget_eos (EfPad *self);

void ef_pad_check_eos (EfPad *self);

void ef_pad_push_unchecked (EfPad *self, EfBatch *batch);

void ef_pad_receive (EfPad *self, EfBatch *batch);

void ef_pad_deliver_batch (EfPad *self, EfBatch *batch);

void ef_pad_deliver_marker (EfPad *self, EfMarker *marker);

gboolean ef_pad_reaches_any (EfPad *self);

void ef_pad_set_stuck (EfPad *self, gboolean stuck);

/* ef-pad-link.c */

void ef_peers_unref (EfPeers *self);

gboolean ef_peers_contain (EfPeers *self, EfPad *pad);

G_END_DECLS
