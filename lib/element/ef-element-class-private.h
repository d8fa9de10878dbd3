/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"

G_BEGIN_DECLS

char *ef_element_class_dup_key (EfElementClass *klass, GParamSpec *pspec);

gboolean ef_element_check_required (EfElement *self, GError **error);

G_END_DECLS
