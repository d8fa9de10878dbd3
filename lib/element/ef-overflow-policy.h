/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include "ef-element.h"

G_BEGIN_DECLS

/**
 * EfOverflow:
 * @EF_OVERFLOW_BLOCK: the input is held, nothing is dropped
 * @EF_OVERFLOW_DROP_OLDEST: what has waited longest is dropped
 * @EF_OVERFLOW_DROP_NEWEST: what comes is dropped
 * @EF_OVERFLOW_LATEST_BY_KEY: of what waits with the same key, all but the newest is dropped; if too
 *   many keys wait for that to help, the input is held
 *
 * What an element does when as much waits in it as may.
 *
 * Since: 1.0
 */
typedef enum
{
  EF_OVERFLOW_BLOCK,
  EF_OVERFLOW_DROP_OLDEST,
  EF_OVERFLOW_DROP_NEWEST,
  EF_OVERFLOW_LATEST_BY_KEY,
} EfOverflow;

/**
 * EfOverflowPolicy: (skip)
 *
 * The properties `overflow` and `overflow-key` of an element in which events wait, with what goes
 * along: which events have the same key, the figures of what was dropped, and telling of it once a
 * burst. For those who write elements. All is called in the element's context, except as noted.
 *
 * Since: 1.0
 */
typedef struct _EfOverflowPolicy EfOverflowPolicy;

/**
 * EF_OVERFLOW_N_PROPERTIES: (skip)
 *
 * How many properties [func@EventFlux.overflow_policy_install] installs.
 *
 * Since: 1.0
 */
#define EF_OVERFLOW_N_PROPERTIES 2

EF_AVAILABLE_IN_1_0
EfOverflowPolicy *ef_overflow_policy_new (EfElement *element);

EF_AVAILABLE_IN_1_0
void ef_overflow_policy_free (EfOverflowPolicy *self);

EF_AVAILABLE_IN_1_0
void ef_overflow_policy_install (GObjectClass *klass, guint first_id);

EF_AVAILABLE_IN_1_0
void ef_overflow_policy_get_property (EfOverflowPolicy *self, guint property, GValue *value);

EF_AVAILABLE_IN_1_0
void ef_overflow_policy_set_property (EfOverflowPolicy *self,
                                      guint property,
                                      const GValue *value,
                                      GParamSpec *pspec);

EF_AVAILABLE_IN_1_0
gboolean ef_overflow_policy_prepare (EfOverflowPolicy *self, GError **error);

EF_AVAILABLE_IN_1_0
EfOverflow ef_overflow_policy_get_overflow (EfOverflowPolicy *self);

EF_AVAILABLE_IN_1_0
void ef_overflow_policy_begin_look (EfOverflowPolicy *self, guint n_places);

EF_AVAILABLE_IN_1_0
gint ef_overflow_policy_look (EfOverflowPolicy *self, EfEvent *event, guint place);

EF_AVAILABLE_IN_1_0
void ef_overflow_policy_end_look (EfOverflowPolicy *self);

EF_AVAILABLE_IN_1_0
void ef_overflow_policy_dropped (EfOverflowPolicy *self, guint n_events, guint64 n_bytes);

EF_AVAILABLE_IN_1_0
void ef_overflow_policy_relieved (EfOverflowPolicy *self);

EF_AVAILABLE_IN_1_0
void ef_overflow_policy_add_stats (EfOverflowPolicy *self, GVariantDict *stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EfOverflowPolicy, ef_overflow_policy_free)

G_END_DECLS
