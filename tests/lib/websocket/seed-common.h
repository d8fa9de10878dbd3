/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

#include "ef-test-loop.h"

G_BEGIN_DECLS

/* What the tests that the seed names share. */

GHashTable *seed_config_new (const char *const *pairs);

EfElement *seed_configure (GType type, const char *const *pairs, GError **error);

EfElement *seed_configure_well (GType type, const char *const *pairs);

void seed_add_config_tests (const char *prefix, GType type);

void seed_add_factory_tests (const char *prefix, GType type, EfFactoryKind kind);

void seed_start (gpointer element);

void seed_stop (gpointer element);

G_END_DECLS
