import { Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";

const NARROW_PX = 1100;
const WIDE_PX = 1700;

type Props = {
  title: string;
  /** A link to the page above this one. */
  above?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** Takes most of a large screen, for what is wide itself. */
  wide?: boolean;
  children: ReactNode;
};

/** A page: its title names the window too, and gets the focus when one arrives, so that a screen reader reads on from there. */
export function Page({ title, above, description, actions, wide = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const isTyping = document.activeElement instanceof HTMLInputElement;
    if (!isTyping) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Stack gap="lg" maw={wide ? WIDE_PX : NARROW_PX} mx="auto" w="100%">
      <title>{`${title} · Tenon`}</title>
      <Group justify="space-between" align="flex-end" gap="md">
        <Stack gap={4} miw={0}>
          {above}
          <Title
            order={1}
            size="h2"
            ref={heading}
            tabIndex={-1}
            dir="auto"
            style={{ outline: "none", overflowWrap: "anywhere" }}
          >
            {title}
          </Title>
          {description && <Text c="dimmed">{description}</Text>}
        </Stack>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
