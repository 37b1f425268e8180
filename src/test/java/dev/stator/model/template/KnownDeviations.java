package dev.stator.model.template;

import java.util.Map;

/// Where we differ from Python on purpose, each with the reason. A probe that agrees again must
/// leave this list.
final class KnownDeviations {
    private static final String NO_COMPLEX = "there are no complex numbers";
    private static final String NO_BYTES = "there are no byte strings";
    private static final String NUMBER_ATTRIBUTES = "numbers have no attributes and methods";
    private static final String CHANCE = "a prompt must not depend on chance";
    private static final String FOR_DEBUGGING = "prints Python's internals";
    private static final String NO_TARGET = "assigning to nothing is taken for a mistake";
    private static final String MARKUP_METHODS =
            "methods of what 'safe' makes do not escape what they insert; no template relies on it";
    private static final String FOLDED =
            "Python folds constants before it runs and forgives what it refuses in variables";

    static final Map<String, String> REASONS =
            Map.ofEntries(
                    Map.entry("|{{ (-8) ** (1/3) }}|", NO_COMPLEX),
                    Map.entry("|{{ 'a'.encode() }}|", NO_BYTES),
                    Map.entry("|{{ l[0].real }}|", NUMBER_ATTRIBUTES),
                    Map.entry("|{{ (1).bit_length() }}|", NUMBER_ATTRIBUTES),
                    Map.entry("|{{ 1.0.is_integer() }}|", NUMBER_ATTRIBUTES),
                    Map.entry("|{{ [1, 2, 3]|random is number }}|", CHANCE),
                    Map.entry("|{{ [3]|random }}|", CHANCE),
                    Map.entry("|{{ [1]|pprint }}|", FOR_DEBUGGING),
                    Map.entry("|{{ namespace }}|", FOR_DEBUGGING),
                    Map.entry("|{{ self }}|", FOR_DEBUGGING),
                    Map.entry(
                            "{% set ns = namespace() %}{{ ns }}",
                            "a namespace can hold itself, so printing shows its names only"),
                    Map.entry("|{{ ('<'|safe).replace('<', '<<') }}|", MARKUP_METHODS),
                    Map.entry("|{{ ('<'|safe).join(['<', '>']) }}|", MARKUP_METHODS),
                    Map.entry("|{{ ('{}<'|safe).format('<') }}|", MARKUP_METHODS),
                    Map.entry("|{{ none[1:] }}|", FOLDED),
                    Map.entry("|{{ 5[1:] }}|", FOLDED),
                    Map.entry("{{ 0 and 1|nosuch }}", FOLDED),
                    Map.entry("{% set () = [] %}", NO_TARGET),
                    Map.entry("{% for () in [] %}{% endfor %}", NO_TARGET),
                    Map.entry(
                            "{% for i in [1, 2] recursive %}{{ i }}{% endfor %}",
                            "no chat template loops recursively; macros can"));

    private KnownDeviations() {}
}
