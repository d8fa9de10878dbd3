/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

/* A numbered message begins with its number, counted from 0, in this many decimal digits. */
#define LOAD_SEQUENCE_DIGITS 16
#define LOAD_SEQUENCE_FORMAT "%016" G_GUINT64_FORMAT
