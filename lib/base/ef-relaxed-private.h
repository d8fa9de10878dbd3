/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

/* Figures and flags that one thread writes and any thread may read. A relaxed access is a plain one
 * on the machines we know, so that the thread that counts pays nothing for those that read. */
#define ef_relaxed_get(address) __atomic_load_n ((address), __ATOMIC_RELAXED)
#define ef_relaxed_set(address, value) __atomic_store_n ((address), (value), __ATOMIC_RELAXED)
#define ef_relaxed_add(address, value) \
  ef_relaxed_set ((address), ef_relaxed_get (address) + (value))
