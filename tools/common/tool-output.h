/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

#include <stdio.h>

G_BEGIN_DECLS

/* The exit statuses of the tools. */
typedef enum
{
  TOOL_OK = 0,
  TOOL_FAILED = 1,
  TOOL_USAGE = 2,
} ToolStatus;

typedef enum
{
  TOOL_PLAIN,
  TOOL_HEADING,
  TOOL_GOOD,
  TOOL_BAD,
  TOOL_DIM,
} ToolStyle;

void tool_output_init (void);

const char *tool_style (FILE *stream, ToolStyle style);

void tool_print_error (const char *format, ...) G_GNUC_PRINTF (1, 2);

void tool_print_note (const char *format, ...) G_GNUC_PRINTF (1, 2);

G_END_DECLS
