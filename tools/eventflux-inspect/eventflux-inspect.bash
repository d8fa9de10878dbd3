# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash

_eventflux_inspect()
{
    local current=${COMP_WORDS[COMP_CWORD]}

    COMPREPLY=()
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--help --json --version' -- "$current")
        return
    fi

    # The list has plugins at the left margin, as `NAME: …`, and elements behind two blanks.
    local names
    names=$(eventflux-inspect 2>/dev/null | sed -n -E 's/^([a-z0-9-]+): .*/\1/p; s/^  ([a-z0-9-]+)  .*/\1/p')
    mapfile -t COMPREPLY < <(compgen -W "$names" -- "$current")
}

complete -F _eventflux_inspect eventflux-inspect
