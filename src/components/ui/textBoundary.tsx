import { Component, type ReactNode } from 'react';
import { PlainText } from './plainText';

interface TextBoundaryProps {
  text: string;
  children: ReactNode;
}

/** Shows a text as it was written where it cannot be rendered, so that one text never takes its page away. */
export class TextBoundary extends Component<TextBoundaryProps, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override componentDidUpdate({ text }: TextBoundaryProps) {
    if (this.state.hasFailed && text !== this.props.text) this.setState({ hasFailed: false });
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <PlainText text={this.props.text} /> : this.props.children;
  }
}
