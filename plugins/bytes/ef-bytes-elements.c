/* SPDX-FileCopyrightText: 2026 The EventFlux authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ef-bytes-elements.h"

#include "ef-column-element.h"

static const EfColumnElementInfo decode = {
  .type_name = "EfBytesDecode",
  .factory_name = "bytesdecode",
  .description = "Makes events of messages, with the bytes in one column.",
  .example = "websocketsource url=ws://127.0.0.1:9000/ ! bytesdecode column=frame ! "
             "jsonencode ! consolesink",
  .config_prefix = "bytes",
  .type = EF_COLUMN_BYTES,
  .encodes = FALSE,
  .column_blurb = "The column of the events, which has the bytes of the message.",
  .default_column = "bytes",
};

static const EfColumnElementInfo encode = {
  .type_name = "EfBytesEncode",
  .factory_name = "bytesencode",
  .description = "Makes binary messages of one column of events.",
  .example = "websocketsource url=ws://127.0.0.1:9000/ ! jsondecode schema=\"frame BYTES\" ! "
             "bytesencode ! websocketsink url=ws://127.0.0.1:9001/",
  .config_prefix = "bytes",
  .type = EF_COLUMN_BYTES,
  .encodes = TRUE,
  .column_blurb = "The column whose bytes are the message; it can be left out if there is only one.",
};

EF_DEFINE_COLUMN_ELEMENT (ef_bytes_decode, decode)

EF_DEFINE_COLUMN_ELEMENT (ef_bytes_encode, encode)
