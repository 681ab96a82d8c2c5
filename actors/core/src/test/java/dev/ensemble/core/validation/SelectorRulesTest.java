package dev.ensemble.core.validation;

import static dev.ensemble.core.json.Json.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class SelectorRulesTest {
  @Test
  void everyErrorOfASelectorIsNamedWithItsField() {
    assertThat(
            errors(
                "{matchLabels:{'-a':'b',c:'d-'},matchExpressions:["
                    + "{key:'a',operator:'In'},{key:'a',operator:'Exists',values:['x']},"
                    + "{key:'a/b/c',operator:'Gt'},{key:'a',operator:'In',values:['ok','-']}]}"))
        .extracting(FieldError::field, FieldError::type)
        .containsExactly(
            tuple("spec.selector.matchLabels", FieldError.Type.INVALID),
            tuple("spec.selector.matchLabels", FieldError.Type.INVALID),
            tuple("spec.selector.matchExpressions[0].values", FieldError.Type.REQUIRED),
            tuple("spec.selector.matchExpressions[1].values", FieldError.Type.FORBIDDEN),
            tuple("spec.selector.matchExpressions[2].operator", FieldError.Type.INVALID),
            tuple("spec.selector.matchExpressions[2].key", FieldError.Type.INVALID),
            tuple("spec.selector.matchExpressions[3].values[1]", FieldError.Type.INVALID));
    assertThat(errors("{matchLabels:{a:'b'}}")).isEmpty();
  }

  private static List<FieldError> errors(String selector) {
    FieldErrors errors = new FieldErrors();
    SelectorRules.labelSelector(json(selector), FieldPath.of("spec").child("selector"), errors);
    return errors.list();
  }
}
