/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-element-flow-private.h"
#include "ef-transform.h"

/**
 * EfTransform:
 *
 * An element that makes events from events: it has an input and an output.
 *
 * A simple one gives a batch for each batch, from [vfunc@EventFlux.Transform.transform]; another one
 * overrides `process` and pushes what it likes. When what is behind it holds, it holds what is before
 * it. It lives in one context, as every element does.
 */

G_DEFINE_ABSTRACT_TYPE (EfTransform, ef_transform, EF_TYPE_ELEMENT)

static void
ef_transform_process (EfElement *element, EfBatch *batch)
{
  /* A checked cast would cost as much as the push. */
  EfTransform *self = (EfTransform *) element;
  EfBatch *made = EF_TRANSFORM_GET_CLASS (self)->transform (self, batch);

  if (made == NULL)
    return;

  /* So that the source hears what becomes of its input. */
  if (made != batch && ef_batch_get_receipt (made) == NULL)
    ef_batch_set_receipt (made, ef_batch_get_receipt (batch));
  if (ef_batch_get_n_events (made) > 0)
    ef_element_push (element, made);
  ef_batch_unref (made);
}

static void
ef_transform_class_init (EfTransformClass *klass)
{
  EfElementClass *element_class = EF_ELEMENT_CLASS (klass);

  element_class->process = ef_transform_process;
  element_class->output_held = ef_element_hold_for_output;

  ef_element_class_set_pads (element_class, TRUE, TRUE);
}

static void
ef_transform_init (EfTransform *self)
{
}
