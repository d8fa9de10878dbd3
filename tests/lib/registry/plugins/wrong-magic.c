/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <eventflux.h>

/* Something else that happens to have the same name. */
_EF_EXTERN const char ef_plugin_descriptor[];

const char ef_plugin_descriptor[] = "what another program understands by a descriptor";
