/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "ef-pipeline-sql.h"
#include "ef-sql-build-private.h"
#include "ef-sql-cursor-private.h"

/**
 * ef_pipeline_text_is_sql:
 * @text: what a file holds
 *
 * Tells an application in SQL from a description in the launch language: it begins, behind blanks
 * and comments, with `@` or with the word of a statement that another word or a bracket follows.
 *
 * Returns: %TRUE if it is SQL
 */
gboolean
ef_pipeline_text_is_sql (const char *text)
{
  static const char *const words[] = { "CREATE", "DEFINE", "INSERT", "SELECT",
                                       "WITH",   "UPDATE", "DELETE", "REPLACE" };
  EfSqlCursor cursor = { .text = text };

  g_return_val_if_fail (text != NULL, FALSE);

  ef_sql_cursor_next (&cursor);
  if (ef_sql_cursor_is_symbol (&cursor, '@'))
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (ef_sql_cursor_skip_word (&cursor, words[i]))
      {
        /* `select key=value !`: an element could be called so. */
        ef_sql_cursor_next (&cursor);
        return cursor.behind > 0 && !ef_sql_cursor_is_symbol (&cursor, '=') &&
               text[cursor.behind - 1] != '!';
      }

  return FALSE;
}

/**
 * ef_pipeline_spec_new_from_sql:
 * @text: an application in SQL
 * @context: (nullable): what knows the elements, or %NULL for the default one
 * @error: return location for an error
 *
 * Parses and checks an application in SQL: streams with their sources and sinks, tables, and
 * queries between them.
 *
 * All of it is checked: each query is compiled against the columns of its stream, and each
 * connection's type, format and keys are looked up. Nothing is opened. The message of an error
 * shows the place with a caret under it.
 *
 * Errors: %EF_ERROR_SYNTAX, %EF_ERROR_UNKNOWN_ELEMENT, %EF_ERROR_UNKNOWN_KEY,
 * %EF_ERROR_MISSING_KEY, %EF_ERROR_INVALID_VALUE, %EF_ERROR_LINK for streams that nothing feeds, or
 * that feed themselves.
 *
 * Returns: (transfer full): the spec, or %NULL with @error set
 */
EfPipelineSpec *
ef_pipeline_spec_new_from_sql (const char *text, EfContext *context, GError **error)
{
  g_autoptr (EfSqlApplication) app = NULL;
  g_autoptr (EfPipelineSpec) spec = NULL;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (context == NULL || EF_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  app = ef_sql_application_parse (text, error);
  if (app == NULL)
    return NULL;

  spec = ef_pipeline_spec_new (text);
  if (!ef_sql_application_build (app, context != NULL ? context : ef_context_get_default (), spec,
                                 error))
    return NULL;

  return g_steal_pointer (&spec);
}

/**
 * ef_pipeline_new_from_sql:
 * @text: an application in SQL
 * @context: (nullable): what knows the elements, or %NULL for the default one
 * @error: return location for an error
 *
 * Makes a pipeline of an application in SQL, as [ctor@EventFlux.PipelineSpec.new_from_sql] and
 * [ctor@EventFlux.Pipeline.new_from_spec] do. Nothing is started.
 *
 * Returns: (transfer full): the pipeline, or %NULL with @error set
 */
EfPipeline *
ef_pipeline_new_from_sql (const char *text, EfContext *context, GError **error)
{
  g_autoptr (EfPipelineSpec) spec = ef_pipeline_spec_new_from_sql (text, context, error);

  return spec != NULL ? ef_pipeline_new_from_spec (spec, context, error) : NULL;
}
