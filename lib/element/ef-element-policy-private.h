/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-element.h"

G_BEGIN_DECLS

char *ef_element_dup_error_key (const char *property);

void ef_element_copy_policy (EfElement *self, EfElement *from);

G_END_DECLS
