# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash

# Completes options, files of descriptions, elements, and the properties of the element before.

_eventflux_launch_elements()
{
    eventflux-inspect 2>/dev/null | sed -n -E 's/^  ([a-z0-9-]+)  .*/\1/p'
}

_eventflux_launch_properties()
{
    eventflux-inspect "$1" 2>/dev/null |
        sed -n '/^properties$/,/^$/{/can be read only/d;/^  name:/d;s/^  \([a-z0-9-]*\): .*/\1=/p}'
}

# The element that a property at the cursor would be for: the last word that begins one.
_eventflux_launch_owner()
{
    local i word
    for ((i = COMP_CWORD - 1; i > 0; i--)); do
        word=${COMP_WORDS[i]}
        if [[ $word == '!' ]]; then
            return
        fi
        if [[ ${COMP_WORDS[i - 1]} == '!' || $i -eq 1 || ${COMP_WORDS[i - 1]} == -* ]]; then
            [[ $word == -* ]] || echo "$word"
            return
        fi
    done
}

_eventflux_launch()
{
    local current=${COMP_WORDS[COMP_CWORD]} owner

    COMPREPLY=()
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--help --quiet --verbose --messages --eos-on-interrupt
            --stats --dot= --validate --print-pipeline --version -q -v -m -e' -- "$current")
        return
    fi

    owner=$(_eventflux_launch_owner)
    if [[ -n $owner ]]; then
        mapfile -t COMPREPLY < <(compgen -W "! name= $(_eventflux_launch_properties "$owner")" -- "$current")
        [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace
        return
    fi

    mapfile -t COMPREPLY < <(compgen -W "$(_eventflux_launch_elements)" -- "$current"
        compgen -f -X '!*.eventflux' -- "$current")
}

complete -F _eventflux_launch eventflux-launch
