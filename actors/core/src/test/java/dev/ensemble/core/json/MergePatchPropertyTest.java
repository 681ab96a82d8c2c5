package dev.ensemble.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MergePatchPropertyTest {
  @Provide
  Arbitrary<ObjectNode> objects() {
    return Json.objects();
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void theDifferenceAppliedToTheFirstGivesTheSecond(
      @ForAll("objects") ObjectNode from, @ForAll("objects") ObjectNode to) {
    ObjectNode patch = MergePatch.diff(from, to);
    assertThat(MergePatch.apply(from, patch)).isEqualTo(to);
    assertThat(MergePatch.applySharing(from, patch)).isEqualTo(to);
    assertThat(patch.isEmpty()).isEqualTo(from.equals(to));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void applyingAPatchAgainChangesNothing(
      @ForAll("objects") ObjectNode target, @ForAll("objects") ObjectNode patch) {
    ObjectNode once = MergePatch.apply(target, patch);
    assertThat(MergePatch.apply(once, patch)).isEqualTo(once);
    assertThat(MergePatch.diff(once, MergePatch.apply(once, patch))).isEmpty();
  }
}
