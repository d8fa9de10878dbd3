/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-raw-peer.h"

G_BEGIN_DECLS

#define EF_TYPE_RAW_SERVER (ef_raw_server_get_type ())

G_DECLARE_FINAL_TYPE (EfRawServer, ef_raw_server, EF, RAW_SERVER, GObject)

/* Answers to a handshake. `{accept}` stands for the right Sec-WebSocket-Accept. */
#define EF_RAW_ANSWER_HEAD \
  "HTTP/1.1 101 Switching Protocols\r\n" \
  "Upgrade: websocket\r\n" \
  "Connection: Upgrade\r\n"

#define EF_RAW_ANSWER_UPGRADE EF_RAW_ANSWER_HEAD "Sec-WebSocket-Accept: {accept}\r\n\r\n"

#define EF_RAW_ANSWER_WRONG_ACCEPT \
  EF_RAW_ANSWER_HEAD "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n"

#define EF_RAW_ANSWER_NO_ACCEPT EF_RAW_ANSWER_HEAD "\r\n"

#define EF_RAW_ANSWER_NO_UPGRADE \
  "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"

#define EF_RAW_ANSWER_SUBPROTOCOL(name) \
  EF_RAW_ANSWER_HEAD "Sec-WebSocket-Protocol: " name "\r\n" \
                     "Sec-WebSocket-Accept: {accept}\r\n\r\n"

#define EF_RAW_ANSWER_STATUS(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\n\r\n"

#define EF_RAW_ANSWER_GARBAGE "\x01\x02\x03 this is no HTTP\r\n\r\n"

EfRawServer *ef_raw_server_new (void);

const char *ef_raw_server_get_url (EfRawServer *self);

guint16 ef_raw_server_get_port (EfRawServer *self);

void ef_raw_server_set_answer (EfRawServer *self, const char *answer);

void ef_raw_server_set_tail (EfRawServer *self, gconstpointer data, gsize size);

void ef_raw_server_set_step (EfRawServer *self, gsize step);

guint ef_raw_server_get_n_peers (EfRawServer *self);

EfRawPeer *ef_raw_server_get_peer (EfRawServer *self, guint index);

EfRawPeer *ef_raw_server_wait_peer (EfRawServer *self, guint index);

void ef_raw_server_pause (EfRawServer *self);

void ef_raw_server_resume (EfRawServer *self);

G_END_DECLS
