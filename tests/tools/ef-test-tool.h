/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A run of a command, to its end. */
typedef struct
{
  int status;
  char *out;
  char *err;
} EfTestTool;

void ef_test_tool_run (EfTestTool *self, const char *command, ...) G_GNUC_NULL_TERMINATED;

void ef_test_tool_runv (EfTestTool *self, char **words);

void ef_test_tool_clear (EfTestTool *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EfTestTool, ef_test_tool_clear)

/* A run of eventflux-launch that goes on, and what it tells. */
typedef struct
{
  GSubprocess *process;
  GDataInputStream *err;
} EfTestRun;

EfTestRun ef_test_run_start (const char *const *words);

char *ef_test_run_wait_for_line (EfTestRun *self, const char *begin);

int ef_test_run_end (EfTestRun *self);

const char *ef_test_tool_get_launch (void);

const char *ef_test_tool_get_inspect (void);

void ef_test_assert_has (const char *text, const char *part);

void ef_test_assert_has_not (const char *text, const char *part);

guint ef_test_count (const char *text, const char *part);

G_END_DECLS
