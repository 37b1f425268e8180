/// The rules of the house as tests: dependencies, budgets, documents.
@NullMarked
package dev.stator.architecture;

import org.jspecify.annotations.NullMarked;
