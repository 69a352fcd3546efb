import { Modal } from "@mantine/core";
import { type ReactNode, useRef, useState } from "react";
import { ProofContext, type Wanted } from "../../../lib/proof.ts";
import { ProofDialog } from "./ProofDialog.tsx";

/** Lets everything inside ask for a proof of identity, one question at a time. */
export function ProofProvider({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState<Wanted>();
  const settle = useRef<(isProved: boolean) => void>(undefined);
  const ask = (next: Wanted) => {
    settle.current?.(false);
    setWanted(next);
    return new Promise<boolean>((resolve) => {
      settle.current = resolve;
    });
  };
  const end = (isProved: boolean) => {
    settle.current?.(isProved);
    settle.current = undefined;
    setWanted(undefined);
  };
  return (
    <ProofContext value={ask}>
      {children}
      <Modal
        opened={wanted !== undefined}
        onClose={() => end(false)}
        title="Is it you?"
        closeButtonProps={{ "aria-label": "Close" }}
        transitionProps={{ duration: 0 }}
      >
        {wanted && <ProofDialog wanted={wanted} onProved={() => end(true)} />}
      </Modal>
    </ProofContext>
  );
}
