/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

#include "ef-test-element.h"

G_BEGIN_DECLS

#define EF_TYPE_TEST_NODE (ef_test_node_get_type ())

G_DECLARE_FINAL_TYPE (EfTestNode, ef_test_node, EF, TEST_NODE, EfElement)

typedef void (*EfTestNodeFunc) (EfTestNode *self, gpointer data);

/* An element with all pads that writes down what is asked of it, and does it when the test says so.
 * Without further ado it passes on what comes. */
struct _EfTestNode
{
  EfElement parent_instance;

  GString *log;           /* a word for each call of a vfunc */
  guint n_events;         /* that came */
  gboolean keep;          /* the last batch, as a queue would */
  EfBatch *kept;
  char *key;              /* a required property */

  GError *prepare_error;  /* what the next prepare fails with */
  gboolean slow;          /* open and close wait for the test to return these */
  GTask *opening;
  GTask *closing;

  /* Called within the function that they are named for. */
  EfTestNodeFunc on_process;
  EfTestNodeFunc on_play;
  EfTestNodeFunc on_pause;
  EfTestNodeFunc on_held;
  gpointer data;
};

EfTestNode *ef_test_node_new (const char *name);

void ef_test_node_push (EfTestNode *self, const char *text);

void ef_test_node_start (EfTestNode *self);

void ef_test_node_stop_all (EfTestNode *first, ...) G_GNUC_NULL_TERMINATED;

#define ef_test_assert_log(node, expected) \
  G_STMT_START \
  { \
    g_assert_cmpstr ((node)->log->str, ==, (expected)); \
    g_string_truncate ((node)->log, 0); \
  } \
  G_STMT_END

G_END_DECLS
