import { TagsInput, type TagsInputProps } from "@mantine/core";

const ADDRESSES_MAX = 50;

/** From where a key may be used. */
export function AddressesField(props: TagsInputProps) {
  return (
    <TagsInput
      label="Only from these addresses"
      description="Such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32, Enter behind each. From anywhere while it is empty."
      maxTags={ADDRESSES_MAX}
      clearable={false}
      acceptValueOnBlur
      {...props}
    />
  );
}
