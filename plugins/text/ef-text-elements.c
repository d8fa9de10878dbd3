/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-text-elements.h"

#include "ef-column-element.h"

static const EfColumnElementInfo decode = {
  .type_name = "EfTextDecode",
  .factory_name = "textdecode",
  .description = "Makes events of messages, with the text in one column.",
  .example = "filesource location=lines.txt ! textdecode column=line ! jsonencode ! "
             "websocketsink url=ws://127.0.0.1:9000/",
  .config_prefix = "text",
  .type = EF_COLUMN_STRING,
  .encodes = FALSE,
  .column_blurb = "The column of the events, which has the text of the message.",
  .default_column = "text",
};

static const EfColumnElementInfo encode = {
  .type_name = "EfTextEncode",
  .factory_name = "textencode",
  .description = "Makes text messages of one column of events.",
  .example = "websocketsource url=ws://127.0.0.1:9000/ ! "
             "jsondecode schema=\"s STRING, p DOUBLE\" ! textencode column=s ! "
             "filesink location=symbols.txt",
  .config_prefix = "text",
  .type = EF_COLUMN_STRING,
  .encodes = TRUE,
  .column_blurb = "The column whose text is the message; it can be left out if there is only one.",
};

EF_DEFINE_COLUMN_ELEMENT (ef_text_decode, decode)

EF_DEFINE_COLUMN_ELEMENT (ef_text_encode, encode)
