import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Given } from "../../client/address.ts";
import type { Endpoint } from "../../kernel/http/endpoint.ts";
import { upload } from "./upload.ts";

/**
 * Sends files to an endpoint, one at a time: another one takes the place of the one under way. A request may send a part of the file. `sent` is the share that has left, 0 to 1.
 */
export function useUpload<E extends Endpoint, Source extends { file: File }>(
  endpoint: E,
  requestOf: (source: Source) => { given: Given<E>; mediaType: string; file?: Blob },
) {
  const [sent, setSent] = useState(0);
  const controller = useRef(new AbortController());
  const mutation = useMutation({
    mutationFn: (source: Source) => {
      controller.current.abort();
      controller.current = new AbortController();
      setSent(0);
      const { given, mediaType, file = source.file } = requestOf(source);
      const { signal } = controller.current;
      return upload(endpoint, given, { file, mediaType, signal, onProgress: setSent });
    },
  });
  const cancel = () => {
    mutation.reset();
    controller.current.abort();
  };
  return { ...mutation, sent, cancel };
}
