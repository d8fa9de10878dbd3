/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(EF_INSIDE_EVENTFLUX_H) && !defined(EF_COMPILATION)
#error "Only <eventflux.h> can be included directly."
#endif

#include <gio/gio.h>

#include "ef-bus.h"
#include "ef-clock.h"
#include "ef-pad.h"
#include "ef-state.h"

G_BEGIN_DECLS

/**
 * EF_PARAM_REQUIRED:
 *
 * A property that must be set before the element can leave %EF_STATE_NULL.
 */
#define EF_PARAM_REQUIRED ((GParamFlags) (1 << G_PARAM_USER_SHIFT))

/**
 * EF_PARAM_MUTABLE_PLAYING:
 *
 * A property that takes effect at once in every state. All others take effect when the element
 * leaves %EF_STATE_NULL or %EF_STATE_READY the next time.
 */
#define EF_PARAM_MUTABLE_PLAYING ((GParamFlags) (1 << (G_PARAM_USER_SHIFT + 1)))

/**
 * EF_PARAM_MILLISECONDS:
 *
 * An integer property that counts milliseconds: its text may be a duration such as `1.5s`.
 */
#define EF_PARAM_MILLISECONDS ((GParamFlags) (1 << (G_PARAM_USER_SHIFT + 2)))

/**
 * EF_PARAM_SECRET:
 *
 * A property whose value is never printed.
 */
#define EF_PARAM_SECRET ((GParamFlags) (1 << (G_PARAM_USER_SHIFT + 3)))

#define EF_TYPE_ELEMENT (ef_element_get_type ())

EF_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (EfElement, ef_element, EF, ELEMENT, GObject)

/**
 * EfElementClass:
 * @parent_class: the parent class
 * @prepare: goes from `NULL` to `READY`: checks the configuration, loads what it names. It does not
 *   block and connects to nothing.
 * @open_async: goes from `READY` to `PAUSED`: connects. When it fails or is cancelled it leaves
 *   nothing behind. What has nothing to open leaves it and @open_finish out.
 * @open_finish: ends @open_async
 * @play: goes from `PAUSED` to `PLAYING`: begins to deliver
 * @pause: goes from `PLAYING` to `PAUSED`: ceases to deliver before it returns
 * @close_async: goes from `PAUSED` to `READY`: sends what waits, within a bound of time, and
 *   disconnects. It can not fail. What has nothing to close leaves it and @close_finish out.
 * @close_finish: ends @close_async
 * @unprepare: goes from `READY` to `NULL`: lets go of everything
 * @process: takes a batch that arrived at the sink pad. It keeps a reference of what it wants to keep.
 * @marker: takes a marker that arrived at the sink pad; the default passes it on. An EOS comes once,
 *   after the last of all links has brought it.
 * @output_held: the pads behind the element hold, or hold no more. It is not called from within a
 *   push of the element itself, nor while it processes a batch, but right after; what is to be pushed
 *   when a hold ends is pushed from a source of one's own, never from here.
 * @add_stats: adds to the element's figures, from any thread
 * @retry: tries again what [method@EventFlux.Element.retry_operation] was called for
 *
 * The class of elements. Each function runs in the element's context, which is then the thread-default
 * one, except as noted.
 *
 * Neither @close_async nor @unprepare runs while the element processes or pushes: a stop that comes
 * from within waits for the end of that call. @pause does: who pushes in a loop looks at
 * [method@EventFlux.Element.get_state] after each push.
 */
struct _EfElementClass
{
  GObjectClass parent_class;

  gboolean (*prepare) (EfElement *self, GError **error);
  void (*open_async) (EfElement *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  gboolean (*open_finish) (EfElement *self, GAsyncResult *result, GError **error);
  void (*play) (EfElement *self);
  void (*pause) (EfElement *self);
  void (*close_async) (EfElement *self, GAsyncReadyCallback callback, gpointer user_data);
  void (*close_finish) (EfElement *self, GAsyncResult *result);
  void (*unprepare) (EfElement *self);

  void (*process) (EfElement *self, EfBatch *batch);
  void (*marker) (EfElement *self, EfMarker *marker);
  void (*output_held) (EfElement *self, gboolean held);
  void (*add_stats) (EfElement *self, GVariantDict *stats);
  void (*retry) (EfElement *self);

  /*< private >*/
  const char *factory_name;
  const char *extension_name;
  const char *description;
  const char *config_prefix;
  const char *example;
  const char *const *formats;
  EfPadContent sink_content;
  EfPadContent src_content;
  gboolean has_sink;
  gboolean has_src;
  int n_named;

  gpointer padding[7];
};

EF_AVAILABLE_IN_1_0
void ef_element_class_set_metadata (EfElementClass *klass,
                                    const char *factory_name,
                                    const char *description,
                                    const char *example);

EF_AVAILABLE_IN_1_0
void ef_element_class_set_extension (EfElementClass *klass,
                                     const char *extension_name,
                                     const char *const *formats);

EF_AVAILABLE_IN_1_0
void ef_element_class_set_config_prefix (EfElementClass *klass, const char *prefix);

EF_AVAILABLE_IN_1_0
void ef_element_class_set_content (EfElementClass *klass,
                                   EfPadContent sink_content,
                                   EfPadContent src_content);

EF_AVAILABLE_IN_1_0
void ef_element_class_set_pads (EfElementClass *klass, gboolean has_sink, gboolean has_src);

EF_AVAILABLE_IN_1_0
const char *ef_element_get_name (EfElement *self);

EF_AVAILABLE_IN_1_0
void ef_element_set_name (EfElement *self, const char *name);

EF_AVAILABLE_IN_1_0
EfState ef_element_get_state (EfElement *self);

EF_AVAILABLE_IN_1_0
EfPad *ef_element_get_pad (EfElement *self, const char *name);

EF_AVAILABLE_IN_1_0
EfPad *ef_element_get_sink_pad (EfElement *self);

EF_AVAILABLE_IN_1_0
EfPad *ef_element_get_src_pad (EfElement *self);

EF_AVAILABLE_IN_1_0
EfPad *ef_element_get_errors_pad (EfElement *self);

EF_AVAILABLE_IN_1_0
gboolean ef_element_link (EfElement *self, EfElement *next, GError **error);

EF_AVAILABLE_IN_1_0
EfClock *ef_element_get_clock (EfElement *self);

EF_AVAILABLE_IN_1_0
void ef_element_set_clock (EfElement *self, EfClock *clock);

EF_AVAILABLE_IN_1_0
EfBus *ef_element_get_bus (EfElement *self);

EF_AVAILABLE_IN_1_0
void ef_element_set_bus (EfElement *self, EfBus *bus);

EF_AVAILABLE_IN_1_0
GMainContext *ef_element_get_context (EfElement *self);

EF_AVAILABLE_IN_1_0
void ef_element_set_context (EfElement *self, GMainContext *context);

EF_AVAILABLE_IN_1_0
gboolean ef_element_start (EfElement *self, GError **error);

EF_AVAILABLE_IN_1_0
void ef_element_stop (EfElement *self);

EF_AVAILABLE_IN_1_0
void ef_element_set_state_async (EfElement *self,
                                 EfState state,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);

EF_AVAILABLE_IN_1_0
gboolean ef_element_set_state_finish (EfElement *self, GAsyncResult *result, GError **error);

EF_AVAILABLE_IN_1_0
void ef_element_start_async (EfElement *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

EF_AVAILABLE_IN_1_0
gboolean ef_element_start_finish (EfElement *self, GAsyncResult *result, GError **error);

EF_AVAILABLE_IN_1_0
void ef_element_stop_async (EfElement *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

EF_AVAILABLE_IN_1_0
gboolean ef_element_stop_finish (EfElement *self, GAsyncResult *result, GError **error);

EF_AVAILABLE_IN_1_0
GVariant *ef_element_get_stats (EfElement *self);

EF_AVAILABLE_IN_1_0
EfElement *ef_element_clone (EfElement *self);

/* For those who write elements. */

EF_AVAILABLE_IN_1_0
void ef_element_push (EfElement *self, EfBatch *batch);

EF_AVAILABLE_IN_1_0
void ef_element_push_marker (EfElement *self, EfMarker *marker);

EF_AVAILABLE_IN_1_0
void ef_element_hold_input (EfElement *self);

EF_AVAILABLE_IN_1_0
void ef_element_release_input (EfElement *self);

EF_AVAILABLE_IN_1_0
gboolean ef_element_is_output_held (EfElement *self);

EF_AVAILABLE_IN_1_0
void ef_element_post_message (EfElement *self, EfMessage *message);

EF_AVAILABLE_IN_1_0
void ef_element_post_details (EfElement *self, const char *name, GVariant *details);

EF_AVAILABLE_IN_1_0
void ef_element_post_error (EfElement *self, const GError *error, const char *debug);

EF_AVAILABLE_IN_1_0
void ef_element_post_warning (EfElement *self, const GError *error, const char *debug);

EF_AVAILABLE_IN_1_0
void ef_element_post_eos (EfElement *self);

EF_AVAILABLE_IN_1_0
gboolean ef_element_reject_event (EfElement *self, EfEvent *event, const GError *error);

EF_AVAILABLE_IN_1_0
gboolean ef_element_is_loss_fatal (EfElement *self);

EF_AVAILABLE_IN_1_0
gboolean ef_element_retry_operation (EfElement *self, const GError *error);

EF_AVAILABLE_IN_1_0
void ef_element_operation_succeeded (EfElement *self);

G_END_DECLS
