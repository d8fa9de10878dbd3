/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <eventflux.h>

G_BEGIN_DECLS

/**
 * EfFaultKind:
 * @EF_FAULT_TRANSIENT: as if something were busy or full for a while: another try may help
 * @EF_FAULT_DATA: as if the event were at fault: no try will help
 *
 * How an event fails.
 */
typedef enum
{
  EF_FAULT_TRANSIENT,
  EF_FAULT_DATA,
} EfFaultKind;

#define EF_TYPE_FAULT_KIND (ef_fault_kind_get_type ())

GType ef_fault_kind_get_type (void) G_GNUC_CONST;

#define EF_TYPE_FAULT (ef_fault_get_type ())

G_DECLARE_FINAL_TYPE (EfFault, ef_fault, EF, FAULT, EfTransform)

G_END_DECLS
