/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "ef-text-location.h"

G_BEGIN_DECLS

/**
 * EfLaunchTokenKind:
 * @EF_LAUNCH_TOKEN_END: the end of the description
 * @EF_LAUNCH_TOKEN_LINK: `!`
 * @EF_LAUNCH_TOKEN_NAME: `text`, the name of an element's factory
 * @EF_LAUNCH_TOKEN_REFERENCE: `text.value`, an element made elsewhere and a pad of it, or `text.`
 * @EF_LAUNCH_TOKEN_PROPERTY: `text=value`
 *
 * The words of the launch language.
 */
typedef enum
{
  EF_LAUNCH_TOKEN_END,
  EF_LAUNCH_TOKEN_LINK,
  EF_LAUNCH_TOKEN_NAME,
  EF_LAUNCH_TOKEN_REFERENCE,
  EF_LAUNCH_TOKEN_PROPERTY,
} EfLaunchTokenKind;

typedef struct
{
  EfLaunchTokenKind kind;
  EfTextLocation location;
  char *text;
  char *value;
  EfTextLocation value_location;
} EfLaunchToken;

/* Splits a description into words. */
typedef struct
{
  const char *text;
  EfTextLocation at;
} EfLaunchLexer;

void ef_launch_lexer_init (EfLaunchLexer *self, const char *text);

gboolean ef_launch_lexer_next (EfLaunchLexer *self, EfLaunchToken *token, GError **error);

void ef_launch_token_clear (EfLaunchToken *token);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EfLaunchToken, ef_launch_token_clear)

G_END_DECLS
