/// What operators may change while a frontend runs. Knows no router: what is set goes to whoever
/// stands behind the frontend.
@NullMarked
package dev.stator.frontend.admin;

import org.jspecify.annotations.NullMarked;
