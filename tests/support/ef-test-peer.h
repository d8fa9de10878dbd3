/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define EF_TYPE_TEST_PEER (ef_test_peer_get_type ())

G_DECLARE_FINAL_TYPE (EfTestPeer, ef_test_peer, EF, TEST_PEER, GObject)

EfTestPeer *ef_test_peer_spawn (const char *program, ...) G_GNUC_NULL_TERMINATED;

EfTestPeer *ef_test_peer_spawnv (const char *const *argv);

const char *ef_test_peer_wait_listening (EfTestPeer *self);

guint16 ef_test_peer_get_port (EfTestPeer *self);

char *ef_test_peer_take_line (EfTestPeer *self);

char *ef_test_peer_wait_line (EfTestPeer *self);

JsonObject *ef_test_peer_wait_event (EfTestPeer *self, const char *name);

void ef_test_peer_tell (EfTestPeer *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

void ef_test_peer_signal (EfTestPeer *self, int signum);

gboolean ef_test_peer_has_exited (EfTestPeer *self);

int ef_test_peer_wait_exit (EfTestPeer *self);

int ef_test_peer_stop (EfTestPeer *self);

GBytes *ef_test_peer_make_message (gboolean text, guint index, gsize size);

G_END_DECLS
