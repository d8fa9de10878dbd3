/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define EF_TYPE_RAW_PEER (ef_raw_peer_get_type ())

G_DECLARE_FINAL_TYPE (EfRawPeer, ef_raw_peer, EF, RAW_PEER, GObject)

/* The first byte of a whole frame of each kind. */
#define EF_RAW_TEXT 0x81
#define EF_RAW_BINARY 0x82
#define EF_RAW_CLOSE 0x88
#define EF_RAW_PING 0x89
#define EF_RAW_PONG 0x8a

EfRawPeer *ef_raw_peer_new_accepted (GSocket *socket, const char *answer, GBytes *tail);

EfRawPeer *ef_raw_peer_new_client (const char *url, const char *extra_headers);

void ef_raw_peer_set_step (EfRawPeer *self, gsize step);

void ef_raw_peer_set_reading (EfRawPeer *self, gboolean reading);

gboolean ef_raw_peer_is_client (EfRawPeer *self);

gboolean ef_raw_peer_is_open (EfRawPeer *self);

gboolean ef_raw_peer_is_eof (EfRawPeer *self);

const char *ef_raw_peer_get_head (EfRawPeer *self);

char *ef_raw_peer_get_header (EfRawPeer *self, const char *name);

GByteArray *ef_raw_peer_get_received (EfRawPeer *self);

gsize ef_raw_peer_get_unsent (EfRawPeer *self);

void ef_raw_peer_send (EfRawPeer *self, gconstpointer data, gsize size);

void ef_raw_peer_shutdown (EfRawPeer *self);

void ef_raw_peer_reset (EfRawPeer *self);

/* Frames, see ef-raw-frame.c. */

gboolean ef_raw_peer_take_frame (EfRawPeer *self, guint8 *first, GBytes **payload);

GBytes *ef_raw_peer_wait_frame (EfRawPeer *self, guint8 first);

void ef_raw_peer_skip_to (EfRawPeer *self, guint8 first);

void ef_raw_peer_expect (EfRawPeer *self, guint8 first, const char *payload);

void ef_raw_peer_send_frame (EfRawPeer *self, guint8 first, gconstpointer payload, gsize size);

void ef_raw_peer_send_text (EfRawPeer *self, const char *text);

void ef_raw_peer_send_close (EfRawPeer *self, guint16 code, const char *reason);

char *ef_raw_compute_accept (const char *key);

G_END_DECLS
