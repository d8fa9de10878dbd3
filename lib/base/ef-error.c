/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-error.h"

/**
 * ef_error_quark:
 *
 * The domain of [error@EventFlux.Error].
 *
 * Returns: the quark of the domain
 */
G_DEFINE_QUARK (ef-error-quark, ef_error)
