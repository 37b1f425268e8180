package dev.stator.model.template.builtin;

import dev.stator.model.template.method.Operation;
import dev.stator.model.template.method.Operations;
import dev.stator.model.template.method.Texts;
import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.util.Optional;

/// The filters of templates, by name.
public final class Filters {
    private static final int CALL_HEIGHT = 8;
    private static final Operations FILTERS =
            new Operations()
                    .include(TextFilters.FILTERS)
                    .include(NumberFilters.FILTERS)
                    .include(ListFilters.FILTERS)
                    .include(SelectionFilters.FILTERS)
                    .define("tojson", JsonWriting.PARAMETERS, JsonWriting::write);

    private Filters() {}

    /// The filter `name`, if there is one.
    public static Optional<Operation> find(String name) {
        return Optional.ofNullable(FILTERS.find(name));
    }

    /// Applies the filter that a template names in an argument.
    static Value call(Value name, Value subject, Arguments arguments, Budget budget) {
        Operation filter = name instanceof Text(var called, _) ? FILTERS.find(called) : null;
        if (filter == null) {
            throw TemplateFault.evaluation("no such filter: " + Texts.text(name, budget));
        }
        budget.enter(CALL_HEIGHT);
        Value filtered = filter.apply(subject, arguments, budget);
        budget.leave(CALL_HEIGHT);
        return filtered;
    }
}
