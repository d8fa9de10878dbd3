/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-app-limits-private.h"
#include "ef-element.h"

#define DEFAULT_MAX_EVENTS 10000
#define DEFAULT_MAX_BYTES (16 * 1024 * 1024)

typedef enum
{
  PROP_MAX_EVENTS = 1,
  PROP_MAX_BYTES,
} EfAppLimitsProperty;

void
ef_app_limits_install (GObjectClass *klass, const char *events_blurb, const char *bytes_blurb)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS
                            | G_PARAM_EXPLICIT_NOTIFY | EF_PARAM_MUTABLE_PLAYING;

  g_object_class_install_property (klass, PROP_MAX_EVENTS,
                                   g_param_spec_uint ("max-events", NULL, events_blurb, 1,
                                                      G_MAXUINT, DEFAULT_MAX_EVENTS, flags));
  g_object_class_install_property (klass, PROP_MAX_BYTES,
                                   g_param_spec_uint64 ("max-bytes", NULL, bytes_blurb, 1,
                                                        G_MAXUINT64, DEFAULT_MAX_BYTES, flags));
}

void
ef_app_limits_get_property (const EfAppLimits *self,
                            GObject *object,
                            guint id,
                            GValue *value,
                            GParamSpec *pspec)
{
  switch ((EfAppLimitsProperty) id)
    {
    case PROP_MAX_EVENTS:
      g_value_set_uint (value, self->max_events);
      break;
    case PROP_MAX_BYTES:
      g_value_set_uint64 (value, self->max_bytes);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

void
ef_app_limits_set_property (EfAppLimits *self,
                            GObject *object,
                            guint id,
                            const GValue *value,
                            GParamSpec *pspec)
{
  switch ((EfAppLimitsProperty) id)
    {
    case PROP_MAX_EVENTS:
      if (self->max_events == g_value_get_uint (value))
        return;
      self->max_events = g_value_get_uint (value);
      break;
    case PROP_MAX_BYTES:
      if (self->max_bytes == g_value_get_uint64 (value))
        return;
      self->max_bytes = g_value_get_uint64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  g_object_notify_by_pspec (object, pspec);
}
