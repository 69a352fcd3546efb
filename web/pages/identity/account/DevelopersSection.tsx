import { Group } from "@mantine/core";
import { AnchorLink } from "../../../ui/links.tsx";
import { Section } from "../../../ui/Section.tsx";

/** What whoever writes programs for Tenon looks for. */
export function DevelopersSection() {
  return (
    <Section title="For developers" description="What the product is made of; the same for everybody.">
      <Group gap="lg">
        <AnchorLink to="/data-model">Data model</AnchorLink>
        <AnchorLink to="/api/docs">API</AnchorLink>
      </Group>
    </Section>
  );
}
